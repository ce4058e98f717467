import { parse, YAMLError } from 'yaml';
import type { Cluster, LiveList } from '../cluster/cluster.ts';
import { FoundryError } from '../errors.ts';
import { booleanAt, conditionOf, entriesAt, type KubernetesObject, listAt, numberAt, textAt } from '../kubernetes.ts';
import { tellingAnnotations } from '../providers/managers.ts';
import type { NodeFact, OperatorFact, Provider } from '../providers/provider.ts';
import { bytes, cores } from '../providers/quantities.ts';
import { providers } from '../providers/registry.ts';
import { canonicalJson } from './digest.ts';
import { type FailedRead, listWherePermitted } from './permitted.ts';
import type { Site } from './site.ts';
import { plainLine } from './untrusted-text.ts';

const workloads = { group: 'apps', kind: 'Deployment' };

/** Leaves out what belongs to deployments: a cluster may have thousands of those. */
const labelSelector = providers
  .flatMap(({ installation: { ownedLabel } }) => (ownedLabel === undefined ? [] : [`!${ownedLabel}`]))
  .join(',');

/** What one answer has room for (64 MB) at 32 kB each, so that a large cluster costs no more requests than a small one. */
const pageSize = 2_000;

export interface OperatorsRead {
  readonly operators: readonly OperatorFact[];
  readonly failed: readonly FailedRead[];
}

/**
 * The runtimes' operators, wherever they were installed and whatever they are called: every provider judges every
 * Kubernetes Deployment that may be read and belongs to no deployment.
 */
export async function readOperators(cluster: Cluster, signal: AbortSignal): Promise<OperatorsRead> {
  const { objects, failed } = await listWherePermitted(cluster, workloads, { labelSelector, pageSize, signal });
  const candidates = objects.map(decodeOperator);
  const operators = await Promise.all(
    candidates.flatMap((candidate) => {
      const provider = providers.find(({ installation }) => installation.isOperator(candidate));
      return provider ? [withSettings(cluster, provider, candidate, signal)] : [];
    }),
  );
  if (!cluster.namespaces) return { operators, failed };
  return { operators, failed: [...failed, { error: behindTheFence(cluster.namespaces) }] };
}

/** The runtimes' operators, live, each as one text that is the same while nothing about it changed; undefined = another Deployment. */
export const liveOperators = (site: Pick<Site, 'cluster'>): LiveList<string | undefined> =>
  site.cluster.live(workloads, { labelSelector }, (workload) => {
    const operator = decodeOperator(workload);
    return providers.some(({ installation }) => installation.isOperator(operator))
      ? canonicalJson(operator)
      : undefined;
  });

/** Reads the operator's settings where only they tell which namespaces it watches. Without them it is taken to watch all. */
async function withSettings(
  cluster: Cluster,
  { installation }: Provider,
  operator: OperatorFact,
  signal: AbortSignal,
): Promise<OperatorFact> {
  const { settingsFrom, namespace } = operator;
  if (settingsFrom === undefined || !installation.hidesWatches(operator)) return operator;
  const { configMap, key } = settingsFrom;
  try {
    const found = await cluster.get({ group: '', kind: 'ConfigMap' }, { namespace, name: configMap }, { signal });
    return { ...operator, settings: parse(textAt(found, 'data', key) ?? '') };
  } catch (error) {
    if (error instanceof FoundryError || error instanceof YAMLError) return operator;
    throw error;
  }
}

const behindTheFence = (namespaces: readonly string[]): FoundryError =>
  new FoundryError(
    'FORBIDDEN',
    `Only ${namespaces.join(', ')} may be looked at (--namespaces), and operators may run in other namespaces.`,
    'Start without --namespaces, or add the namespace of the operator.',
  );

function decodeOperator(workload: KubernetesObject): OperatorFact {
  const containers = listAt(workload, 'spec', 'template', 'spec', 'containers');
  const texts = (field: string) =>
    containers.flatMap((container) => listAt(container, field)).filter((item) => typeof item === 'string');
  const initContainers = listAt(workload, 'spec', 'template', 'spec', 'initContainers');
  const args = [...texts('command'), ...texts('args')];
  const desired = numberAt(workload, 'spec', 'replicas') ?? 1;
  const count = (field: string) => numberAt(workload, 'status', field) ?? 0;
  const updated = count('updatedReplicas');
  const acted = count('observedGeneration') >= (workload.metadata.generation ?? 0);
  const unavailable = ['Available', 'Progressing']
    .map((type) => conditionOf(workload, type))
    .find((condition) => condition !== undefined && condition.status !== 'True');
  return {
    namespace: workload.metadata.namespace ?? '',
    name: workload.metadata.name,
    labels: workload.metadata.labels ?? {},
    annotations: telling(workload.metadata.annotations),
    podLabels: labelsAt(workload, 'spec', 'template', 'metadata', 'labels'),
    images: containers.map((container) => textAt(container, 'image')).filter((image) => image !== undefined),
    initContainers: initContainers.map((container) => textAt(container, 'name') ?? ''),
    args,
    settingsFrom: settingsOf(workload, args),
    desired,
    ready: count('readyReplicas'),
    available: count('availableReplicas'),
    updated,
    rolling: !acted || updated < desired || count('replicas') > updated,
    deleting: workload.metadata.deletionTimestamp !== undefined,
    message: unavailable?.message === undefined ? undefined : plainLine(unavailable.message),
  };
}

/** The rest changes with every rollout. */
const telling = (annotations: KubernetesObject['metadata']['annotations'] = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(annotations).flatMap(([name, value]) =>
      tellingAnnotations.includes(name) ? [[name, plainLine(value)]] : [],
    ),
  );

const labelsAt = (object: unknown, ...path: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    entriesAt(object, ...path).flatMap(([label, value]) => (typeof value === 'string' ? [[label, value]] : [])),
  );

/** The ConfigMap behind `--config=/folder/file` or `--config /folder/file`. */
function settingsOf(workload: KubernetesObject, args: readonly string[]): OperatorFact['settingsFrom'] {
  const path = args.map((arg) => /^(?:--config=)?(\/.+\.ya?ml)$/.exec(arg)?.[1]).find((found) => found !== undefined);
  if (path === undefined) return undefined;
  const folder = path.slice(0, path.lastIndexOf('/'));
  const pod = ['spec', 'template', 'spec'] as const;
  const volume = listAt(workload, ...pod, 'containers')
    .flatMap((container) => listAt(container, 'volumeMounts'))
    .find((mount) => textAt(mount, 'mountPath')?.replace(/\/$/, '') === folder);
  const source = listAt(workload, ...pod, 'volumes').find((one) => textAt(one, 'name') === textAt(volume, 'name'));
  const configMap = textAt(source, 'configMap', 'name');
  return configMap === undefined ? undefined : { configMap, key: path.slice(folder.length + 1) };
}

/** What one node has for pods, and its readiness. */
export function decodeNode(node: KubernetesObject): NodeFact {
  const allocatable = (resource: string) => textAt(node, 'status', 'allocatable', resource);
  const gpus = Number(allocatable('nvidia.com/gpu') ?? 0);
  return {
    name: node.metadata.name,
    ready: conditionOf(node, 'Ready')?.status === 'True',
    schedulable: booleanAt(node, 'spec', 'unschedulable') !== true,
    gpus: Number.isFinite(gpus) ? gpus : 0,
    cpus: cores(allocatable('cpu') ?? ''),
    memory: bytes(allocatable('memory') ?? ''),
  };
}
