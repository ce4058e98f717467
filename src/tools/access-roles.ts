import {
  type AccessRole,
  chartOptions,
  clusterRoleOf,
  may,
  mayOnParts,
  mayOnPrimaries,
  observing,
  type Right,
} from '../foundry/rights.ts';
import { tools } from './registry.ts';

export interface Reason {
  /** What these rights are for. */
  readonly why: string;
  readonly rights: readonly Right[];
}

const outside = { clusterWide: true } as const;

/** What a role holds besides what its tools ask for. */
const besides: Readonly<Record<AccessRole, readonly Reason[]>> = {
  observe: [
    { why: 'Following changes.', rights: [...mayOnPrimaries('watch'), ...mayOnParts('watch')] },
    {
      why: 'Whether a namespace exists, and which there are where not the whole cluster may be read.',
      rights: may('list', '', 'namespaces', outside),
    },
    {
      why: 'Access reviews: doctor and plans ask the server what is allowed.',
      rights: may('create', 'authorization.k8s.io', 'selfsubjectaccessreviews', outside),
    },
    {
      why: 'This reaches every HTTP server in the namespaces where the role is bound; without it everything else works.',
      rights: [...may('get', '', 'pods/proxy'), ...may('get create', '', 'services/proxy')],
    },
  ],
  deploy: [],
  install: [{ why: 'Options of the charts.', rights: chartOptions }],
};

const keyOf = ({ verb, group, resource, name }: Right): string => JSON.stringify([group, resource, verb, name]);

/** Why a role holds what it holds; without what `observe` holds, on which the others build. */
export function reasonsOf(role: AccessRole): readonly Reason[] {
  const fromTools = tools
    .filter(({ needs }) => needs.role === role)
    .map(({ name, needs }) => ({ why: name, rights: [...needs.rights, ...(needs.optional ?? [])] }));
  const reasons = [...fromTools, ...besides[role]];
  if (role === 'observe') return reasons;
  const held = new Set(reasonsOf('observe').flatMap(({ rights }) => rights.map(keyOf)));
  return reasons.map(({ why, rights }) => ({ why, rights: rights.filter((right) => !held.has(keyOf(right))) }));
}

/** Tells the ClusterRole that holds a right which a tool of that role asks for. */
export function clusterRoles(): (right: Right, role: AccessRole) => string {
  const observed = Map.groupBy(
    reasonsOf('observe').flatMap(({ rights }) => rights),
    keyOf,
  );
  return (right, role) => {
    const held = observed.get(keyOf(right));
    if (held === undefined) return role === 'observe' ? observing.within : clusterRoleOf(role);
    const isWide = ({ clusterWide = false }: Right) => clusterWide;
    // Pods may be listed with both, in a namespace or in all of them.
    const alike = held.find((one) => isWide(one) === isWide(right)) ?? held[0];
    return alike && isWide(alike) ? observing.outside : observing.within;
  };
}
