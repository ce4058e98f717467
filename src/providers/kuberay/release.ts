import type { Installation, OperatorFact } from '../provider.ts';

/** The chart's version that is installed unless another is asked for. */
export const defaultVersion = '1.7.0';

export const defaultNamespace = 'kuberay-system';

export const chart = 'kuberay-operator';
export const repository = 'https://ray-project.github.io/kuberay-helm/';

/** What stands in the way of every plan: what could not be read. */
export const unreadBlockers = (installation: Installation): readonly string[] =>
  installation.state === 'unknown' ? [installation.message] : [];

/** The helm release that an operator belongs to; undefined when something else installed it. */
export function releaseOf(operator: OperatorFact): string | undefined {
  const { labels } = operator;
  return labels['app.kubernetes.io/managed-by'] === 'Helm' && labels['helm.sh/chart']?.startsWith(`${chart}-`) === true
    ? labels['app.kubernetes.io/instance']
    : undefined;
}

export const foreign = ({ namespace, name }: OperatorFact, verb: string): string =>
  `The operator ${namespace}/${name} was not installed with the chart ${chart}: ${verb} it the way it was installed.`;
