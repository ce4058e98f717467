import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import type { AccessRole } from '../../src/foundry/rights.ts';

const rule = z.object({
  apiGroups: z.array(z.string()).length(1),
  resources: z.array(z.string()),
  resourceNames: z.array(z.string()).optional(),
  verbs: z.array(z.string()),
});

const clusterRole = z.object({
  apiVersion: z.literal('rbac.authorization.k8s.io/v1'),
  kind: z.literal('ClusterRole'),
  metadata: z.object({ name: z.string() }),
  rules: z.array(rule),
});

/** A rule of RBAC, for one group. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** The ClusterRoles in the file that users apply. */
export async function rolesIn(role: AccessRole): Promise<readonly z.output<typeof clusterRole>[]> {
  const file = new URL(`../../docs/rbac/${role}.yaml`, import.meta.url);
  return parseAllDocuments(await readFile(file, 'utf8')).map((document) => clusterRole.parse(document.toJS()));
}

/** `list pods`, `get pods/log`, `patch rayservices.ray.io`: the rights that rules grant. */
export const rightsIn = (rules: readonly Rule[]): readonly string[] =>
  rules.flatMap(({ apiGroups: [group = ''], resources, verbs }) =>
    resources.flatMap((resource) => verbs.map((verb) => rightOf(verb, group, resource))),
  );

const rightOf = (verb: string, group: string, resource: string): string =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`}`;

/** The rules without one right. @throws Error when they do not grant it */
export function without(rules: readonly Rule[], right: string): readonly Rule[] {
  if (!rightsIn(rules).includes(right)) throw new Error(`no role grants: ${right}`);
  return rules
    .flatMap((rule) => {
      const {
        apiGroups: [group = ''],
        resources,
        verbs,
      } = rule;
      return resources.map((resource) => ({
        ...rule,
        resources: [resource],
        verbs: verbs.filter((verb) => rightOf(verb, group, resource) !== right),
      }));
    })
    .filter(({ verbs }) => verbs.length > 0);
}

/** Which rights a request took, from its line and the status of its answer; none for what is no resource. */
export function rightsTaken(request: string, status: number): readonly string[] {
  const [method = '', url = ''] = request.split(' ');
  const { pathname, searchParams } = new URL(url, 'https://server');
  const parts = pathname.split('/').slice(1);
  if (parts[0] !== 'api' && parts[0] !== 'apis') return [];
  const core = parts[0] === 'api';
  const [group = '', rest] = core ? ['', parts.slice(2)] : [parts[1], parts.slice(3)];
  const inside = rest[0] === 'namespaces' && rest.length > 2 ? rest.slice(2) : rest;
  const [plural, name, subresource] = inside;
  if (plural === undefined || plural === '') return [];
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  const right = (verb: string) => rightOf(verb, group, resource);
  switch (method) {
    case 'GET':
      return [right(name !== undefined ? 'get' : searchParams.has('watch') ? 'watch' : 'list')];
    case 'POST':
      return [right('create')];
    case 'PUT':
      return [right('update')];
    case 'PATCH':
      // What a patch creates takes both rights.
      return status === 201 ? [right('patch'), right('create')] : [right('patch')];
    default:
      return [right(method.toLowerCase())];
  }
}
