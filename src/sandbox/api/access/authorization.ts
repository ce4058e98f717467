import { at, isObject, isText, type Json, listOr, textOr } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import type { Store } from '../objects/store.ts';
import type { Identity } from './authentication.ts';

/** What somebody wants to do: to a resource, or to a path that is none. */
export type Attributes =
  | {
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly subresource?: string;
      readonly namespace?: string;
      readonly name?: string;
    }
  | { readonly verb: string; readonly path: string };

export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

const rbac = 'rbac.authorization.k8s.io';

const includes = (list: Json | undefined, ...wanted: readonly string[]): boolean =>
  listOr(list).some((item) => item === '*' || wanted.some((value) => value === item));

function pathMatches(pattern: Json, path: string): boolean {
  if (!isText(pattern)) return false;
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
}

/** Whether one rule of a role grants it. */
function grants(rule: Json, wanted: Attributes): boolean {
  if (!includes(at(rule, 'verbs'), wanted.verb)) return false;
  if ('path' in wanted) return listOr(at(rule, 'nonResourceURLs')).some((pattern) => pathMatches(pattern, wanted.path));
  const { group, resource, subresource, name } = wanted;
  const full = subresource === undefined ? resource : `${resource}/${subresource}`;
  const forms = subresource === undefined ? [full] : [full, `*/${subresource}`];
  const names = listOr(at(rule, 'resourceNames'));
  return (
    includes(at(rule, 'apiGroups'), group) &&
    includes(at(rule, 'resources'), ...forms) &&
    (names.length === 0 || (name !== undefined && names.includes(name)))
  );
}

function isSubject(subject: Json, { user, groups }: Identity, namespace: string): boolean {
  const name = textOr(at(subject, 'name'));
  switch (at(subject, 'kind')) {
    case 'User':
      return name === user;
    case 'Group':
      return groups.includes(name);
    case 'ServiceAccount':
      return user === `system:serviceaccount:${textOr(at(subject, 'namespace')) || namespace}:${name}`;
    default:
      return false;
  }
}

const subjectWords = (subject: Json): string => {
  const namespace = textOr(at(subject, 'namespace'));
  const name = textOr(at(subject, 'name'));
  const kind = textOr(at(subject, 'kind'));
  return `${kind} "${kind === 'ServiceAccount' ? `${name}/${namespace}` : name}"`;
};

interface Grant {
  readonly rules: readonly Json[];
  readonly reason: string;
}

/** The rules of every binding that names the caller, in the cluster and in one namespace. */
export function* grantsOf(store: Store, identity: Identity, namespace: string | undefined): Generator<Grant> {
  yield* inBindings(store, store.list(`clusterrolebindings.${rbac}`), identity);
  if (namespace !== undefined && namespace !== '') {
    yield* inBindings(store, store.list(`rolebindings.${rbac}`, namespace), identity);
  }
}

function* inBindings(store: Store, bindings: readonly ApiObject[], identity: Identity): Generator<Grant> {
  for (const binding of bindings) {
    const { name, namespace } = binding.metadata;
    const subject = listOr(binding.subjects).find((candidate) => isSubject(candidate, identity, namespace ?? ''));
    if (subject === undefined) continue;
    const kind = textOr(at(binding, 'roleRef', 'kind'));
    const role = textOr(at(binding, 'roleRef', 'name'));
    const found =
      kind === 'Role'
        ? store.get(`roles.${rbac}`, namespace, role)
        : store.get(`clusterroles.${rbac}`, undefined, role);
    const shown = namespace === undefined ? `"${name}"` : `"${name}/${namespace}"`;
    yield {
      rules: listOr(found?.rules).filter(isObject),
      reason: `RBAC: allowed by ${binding.kind} ${shown} of ${kind} "${role}" to ${subjectWords(subject)}`,
    };
  }
}

/** RBAC over the roles and bindings in the store; `system:masters` may do everything. */
export function authorize(store: Store, identity: Identity, wanted: Attributes): Decision {
  if (identity.groups.includes('system:masters')) return { allowed: true, reason: '' };
  const namespace = 'path' in wanted ? undefined : wanted.namespace;
  for (const { rules, reason } of grantsOf(store, identity, namespace)) {
    if (rules.some((rule) => grants(rule, wanted))) return { allowed: true, reason };
  }
  return { allowed: false, reason: '' };
}

/** Why a caller may not, in the words of the real server. */
export function refusal({ user }: Identity, wanted: Attributes): string {
  if ('path' in wanted) return `User "${user}" cannot ${wanted.verb} path "${wanted.path}"`;
  const { verb, group, resource, subresource, namespace } = wanted;
  const full = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where = (namespace ?? '') === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return `User "${user}" cannot ${verb} resource "${full}" in API group "${group}" ${where}`;
}
