import type { KubernetesObject } from '../kubernetes.ts';
import { helm } from './installation-steps.ts';
import type { Facts, OperatorFact } from './provider.ts';
import { type Chart, placeOf } from './releases.ts';

/** How several operators of a runtime share its deployments. */
export interface Shared {
  readonly chart: Chart;
  readonly facts: Facts;
  /** The one to uninstall. */
  readonly chosen: OperatorFact;
  /** Those that stay. */
  readonly others: readonly OperatorFact[];
  /** Namespaces that an operator watches; undefined = all, null = nobody knows. */
  watchedBy(operator: OperatorFact): readonly string[] | undefined | null;
}

/** Whether an object goes with the chosen operator: no other one looks after it. */
export function goesWith({ chosen, others, watchedBy }: Shared, { metadata }: KubernetesObject): boolean {
  const isWatched = (operator: OperatorFact) => watchedBy(operator)?.includes(metadata.namespace ?? '') ?? true;
  return others.length === 0 || (isWatched(chosen) && !others.some(isWatched));
}

/** Which operator goes and which stay. */
export function whichGoes(shared: Shared): readonly string[] {
  const { chosen, others } = shared;
  if (others.length === 0) return [];
  const rest = others.map((other) => described(shared, other)).join(' and ');
  return [
    `Only the operator ${described(shared, chosen)} is uninstalled; ${rest} ${others.length === 1 ? 'stays' : 'stay'}, with the deployments there.`,
  ];
}

/** Why it cannot be told which deployments would have to stop. */
export function undivided(shared: Shared): readonly string[] {
  const { chart, facts, chosen, others, watchedBy } = shared;
  if (others.length === 0) return [];
  const all = [chosen, ...others];
  const unknown = all.find((operator) => watchedBy(operator) === null);
  if (unknown) {
    const { namespace, settingsFrom } = unknown;
    return [
      `Which namespaces the operator ${placed(unknown)} watches is not known: its settings stand in the ConfigMap ${namespace}/${settingsFrom?.configMap}, which could not be read. Get the right to read it (get configmaps in ${namespace}), then call again.`,
    ];
  }
  if (others.every((other) => watchedBy(other) !== undefined)) return [];
  const ways = all.map((operator) => {
    const place = placeOf(facts, chart, operator);
    return place ? helm('uninstall', chart, place, '').command : `${placed(operator)} the way it was installed`;
  });
  return [
    `The operators ${all.map((operator) => described(shared, operator)).join(' and ')} look after the same deployments, so that none has to stop. Take all but one of them away by hand, and nothing else: ${ways.join(' or ')}. Then call again.`,
  ];
}

const placed = ({ namespace, name }: OperatorFact): string => `${namespace}/${name}`;

const described = ({ watchedBy }: Shared, operator: OperatorFact): string =>
  `${placed(operator)} (watches ${watchedBy(operator)?.join(', ') ?? 'all namespaces'})`;
