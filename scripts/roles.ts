import { Document, isMap, isSeq } from 'yaml';
import { type AccessRole, accessRoles, clusterRoleOf, observing, resourceWord } from '../src/foundry/rights.ts';
import { type Reason, reasonsOf } from '../src/tools/access-roles.ts';
import { tools } from '../src/tools/registry.ts';
import type { Tool } from '../src/tools/tool.ts';

interface Rule {
  readonly group: string;
  readonly resources: string[];
  readonly verbs: readonly string[];
  readonly names: readonly string[];
  /** A line per reason. */
  readonly why: string;
}

const verbOrder = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'bind', 'escalate'];

/** The rules of a role, one for all resources of a group that are granted alike. */
function rulesOf(reasons: readonly Reason[]): readonly Rule[] {
  const all = reasons.flatMap(({ why, rights }) => rights.map((right) => ({ why, right })));
  const byResource = Map.groupBy(all, ({ right }) => JSON.stringify([right.group, right.resource, !right.name]));
  const rules = new Map<string, Rule>();
  for (const some of byResource.values()) {
    const [first] = some;
    if (!first) continue;
    const { group, resource } = first.right;
    const verbs = verbOrder.filter((verb) => some.some(({ right }) => right.verb === verb));
    const names = [...new Set(some.flatMap(({ right }) => right.name ?? []))];
    const words = [...new Set(some.map(({ why }) => why))];
    const byTools = words.filter((word) => /^[a-z_]+$/.test(word));
    const why = [
      ...(byTools.length > 0 ? [`${byTools.join(', ')}.`] : []),
      ...words.filter((word) => !byTools.includes(word)),
    ].join('\n');
    const key = JSON.stringify([group, verbs, names, why]);
    const alike = rules.get(key);
    if (alike) alike.resources.push(resource);
    else rules.set(key, { group, resources: [resource], verbs, names, why });
  }
  return [...rules.values()];
}

/** A ClusterRole as YAML, each rule with what it is for. */
function clusterRole(name: string, about: string, rules: readonly Rule[]): string {
  const document = new Document({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name },
    rules: rules.map(({ group, resources, verbs, names }) => ({
      apiGroups: [group],
      resources,
      ...(names.length > 0 && { resourceNames: names }),
      verbs,
    })),
  });
  document.commentBefore = comment(about);
  const list = document.get('rules');
  if (isSeq(list)) {
    for (const [index, item] of list.items.entries()) {
      if (!isMap(item)) continue;
      item.commentBefore = comment(rules[index]?.why ?? '');
      for (const { value } of item.items) if (isSeq(value)) value.flow = value.items.length <= 4;
    }
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

const comment = (text: string): string => text.replaceAll(/^/gm, ' ');

const within = (reasons: readonly Reason[], clusterWide: boolean): readonly Reason[] =>
  reasons.map(({ why, rights }) => ({
    why,
    rights: rights.filter((right) => (right.clusterWide === true) === clusterWide),
  }));

const generated = 'Generated from the needs of the tools by `npm run docs`.';

/** The YAML file of a role. */
export function roleManifest(role: AccessRole): string {
  const reasons = reasonsOf(role);
  switch (role) {
    case 'observe':
      return [
        clusterRole(
          observing.within,
          `Seeing deployments. Bind it in the whole cluster, or in single namespaces.\n${generated}`,
          rulesOf(within(reasons, false)),
        ),
        clusterRole(
          observing.outside,
          'What stands outside namespaces. Bind it in the whole cluster; without it, what is installed is told less well.',
          rulesOf(within(reasons, true)),
        ),
      ].join('---\n');
    case 'deploy':
      return clusterRole(
        clusterRoleOf('deploy'),
        `Deploying, changing and deleting, beside kubefoundry-observe. Bind it in the namespaces of deployments.\n${generated}`,
        rulesOf(reasons),
      );
    case 'install':
      return clusterRole(
        clusterRoleOf('install'),
        `Installing, upgrading and uninstalling runtimes, beside both kubefoundry-observe roles; bind it in the whole cluster.\nThe charts grant their operators rights of all kinds: who holds this role can give itself every right there is. It is\nan administrator's, for a person, never for a server that runs all day. ${generated}`,
        rulesOf(reasons),
      );
  }
}

/** The README's table of roles. */
export function roleTable(): string {
  const rows = accessRoles.flatMap((role) => {
    const reasons = reasonsOf(role);
    const own = tools.filter(({ needs }) => needs.role === role);
    const [needy, others] = [true, false].map((outside) =>
      own.filter(({ needs }) => needs.rights.some(({ clusterWide }) => clusterWide === true) === outside),
    );
    if (role === 'observe')
      return [
        row('observe', role, named(others), rightsOf(within(reasons, false))),
        row(
          'observe-cluster',
          role,
          `${named(needy)}; what is installed and what fits where is told better with it`,
          rightsOf(within(reasons, true)),
        ),
      ];
    const rights =
      role === 'install' ? 'all that the charts make and grant: an administrator, in effect' : rightsOf(reasons);
    return [row(role, role, named(own), rights)];
  });
  return ['| role | tools that work with it | rights |', '|---|---|---|', ...rows].join('\n');
}

const row = (name: string, file: AccessRole, works: string, rights: string): string =>
  `| [${name}](docs/rbac/${file}.yaml) | ${works} | ${rights} |`;

const named = (some: readonly Tool[] = []): string => some.map(({ name }) => `\`${name}\``).join(', ');

const rightsOf = (reasons: readonly Reason[]): string =>
  rulesOf(reasons)
    .map(
      ({ group, resources, verbs }) =>
        `${verbs.join(', ')} ${resources.map((resource) => resourceWord({ group, resource })).join(', ')}`,
    )
    .join('; ');
