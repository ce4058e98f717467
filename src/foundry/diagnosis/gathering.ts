import type { Cluster } from '../../cluster/cluster.ts';
import { FoundryError } from '../../errors.ts';
import { listAt, numberAt, textAt, valueAt } from '../../kubernetes.ts';
import type { Installation, Provider } from '../../providers/provider.ts';
import { discoverCrds } from '../crds.ts';
import { type DeploymentRef, findPrimary, problemsFor } from '../lookup.ts';
import { readOperators } from '../operators.ts';
import { listWherePermitted } from '../permitted.ts';
import { createReader } from '../reading.ts';
import type { Site } from '../site.ts';
import { shortOfGpus } from './capacity.ts';
import type { Evidence, PodEvidence } from './evidence.ts';
import { evidenceOf } from './subject.ts';

const events = { group: '', kind: 'Event' };
/** Lines of a log that are looked at: an engine tells its cause among its last ones, below a traceback. */
const tail = 80;
/** Milliseconds for what is only there to tell more. */
const deadline = 5_000;

/** Reads that tell more where something points there. With lookup and snapshot they stay within ten requests. */
const mostFurtherReads = 2;

/**
 * One snapshot of a deployment with the warnings of its namespace, and at most two reads further: where a container
 * failed its log, where GPUs are short the nodes, where a volume is missing the claims, where nobody acts the operator.
 *
 * @throws FoundryError as `findDeployment`
 */
export async function gather(site: Site, ref: DeploymentRef, signal: AbortSignal): Promise<Evidence> {
  const { provider, primary, reads } = await findPrimary(site, ref, signal);
  const namespace = primary.metadata.namespace ?? '';
  const warnings = listWherePermitted(site.cluster, events, { namespace, fieldSelector: 'type=Warning', signal });
  warnings.catch(() => {});
  // Which Services there are explains nothing, and the warnings of the whole namespace hold what a provider asks for.
  const given = [
    { group: '', kind: 'Service', objects: async () => [] },
    { ...events, objects: async () => (await warnings).objects },
  ];
  const { snapshots, failed } = await createReader(site, signal, given).snapshots(provider, [primary]);
  const snapshot = snapshots[0] ?? { primary, objects: [], unread: failed, now: site.now() };
  const read = await warnings;
  const known = evidenceOf(provider, snapshot, read.objects);
  const further = wanted(site, known, signal).slice(0, mostFurtherReads);
  const told = await Promise.all(further.map((ask) => orUnread(ask)));
  const unread = [
    ...problemsFor(reads, provider, [
      ...failed,
      ...read.failed.map(({ error }) => ({
        query: { ...events, namespace },
        code: error.code,
        message: error.message,
      })),
    ]).map(({ message }) => message),
    ...told.flatMap((part) => part.unread ?? []),
  ];
  return Object.assign(known, ...told, { unread });
}

type Further = Partial<Pick<Evidence, 'logs' | 'claims' | 'survey' | 'installation' | 'unread'>>;
type Ask = () => Promise<Further>;

/** A read that only tells more never takes the answer with it. */
async function orUnread(ask: Ask): Promise<Further> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof FoundryError)) throw error;
    return { unread: [error.message] };
  }
}

/** What the snapshot points to, the most telling first. */
function wanted(site: Site, known: Evidence, signal: AbortSignal): readonly Ask[] {
  const { deployment, pods, provider, snapshot } = known;
  const { phase } = deployment;
  const { cluster } = site;
  const operator: Ask = async () => ({ installation: await installationOf(cluster, provider, signal) });
  if (phase === 'Running' || phase === 'Suspended') return [operator];
  if (phase === 'Deleting' || snapshot.primary.status === undefined || deployment.stale || pods.length === 0)
    return [operator];
  if (pods.every(({ ready }) => ready)) return [operator];
  const asks: Ask[] = pods.flatMap((pod) => logOf(cluster, pod, signal)).slice(0, 1);
  const words = pods.map(({ unschedulable }) => unschedulable?.message ?? '').join('\n');
  if (/persistentvolumeclaim/i.test(words)) asks.push(() => claimsOf(cluster, deployment.namespace, pods, signal));
  if (shortOfGpus.test(words)) asks.push(() => surveyed(site, signal));
  return asks;
}

/** The log of the container that failed, as it was before its restart; else of one that runs and is not ready. */
function logOf(cluster: Cluster, { object, ready, role }: PodEvidence, signal: AbortSignal): readonly Ask[] {
  if (ready || role === null) return [];
  const statuses = [
    ...listAt(object, 'status', 'initContainerStatuses'),
    ...listAt(object, 'status', 'containerStatuses'),
  ];
  const failed = statuses.find((status) => numberAt(status, 'lastState', 'terminated', 'exitCode') !== undefined);
  const started = statuses.find(
    (status) =>
      (numberAt(status, 'state', 'terminated', 'exitCode') ?? 0) > 0 ||
      valueAt(status, 'state', 'running') !== undefined,
  );
  const container = textAt(failed ?? started, 'name');
  if (container === undefined) return [];
  const { namespace = '', name: pod } = object.metadata;
  const previous = failed !== undefined;
  return [
    async () => {
      const text = await cluster.logs({ namespace, pod, container }, { previous, tail, signal, deadline });
      return { logs: [{ pod, container, previous, lines: text.split('\n').filter((line) => line.trim() !== '') }] };
    },
  ];
}

async function claimsOf(
  cluster: Cluster,
  namespace: string,
  pods: readonly PodEvidence[],
  signal: AbortSignal,
): Promise<Further> {
  const mounted = new Set(
    pods
      .flatMap(({ object }) => listAt(object, 'spec', 'volumes'))
      .map((volume) => textAt(volume, 'persistentVolumeClaim', 'claimName')),
  );
  const claims = await cluster.list({ group: '', kind: 'PersistentVolumeClaim' }, { namespace, signal, deadline });
  return { claims: claims.filter(({ metadata }) => mounted.has(metadata.name)) };
}

/**
 * Two requests, which stand for the two that may follow a snapshot: a pod without a node has no log. Others may wait for
 * the same survey, so that the deadline is on the waiting.
 */
async function surveyed(site: Site, signal: AbortSignal): Promise<Further> {
  const late = AbortSignal.timeout(deadline);
  try {
    const survey = await site.survey(AbortSignal.any([signal, late]), true);
    return { survey, unread: survey.problems.map(({ message }) => message) };
  } catch (error) {
    if (signal.aborted || !late.aborted) throw error;
    return { unread: [`What GPUs are free is not known: the API server did not answer within ${deadline / 1000} s.`] };
  }
}

async function installationOf(cluster: Cluster, provider: Provider, signal: AbortSignal): Promise<Installation> {
  const names = provider.installation.crds;
  const [crds, { operators, failed }] = await Promise.all([
    discoverCrds(cluster, names, signal),
    readOperators(cluster, signal),
  ]);
  const unread = failed.slice(0, 1).map(({ error }) => ({
    what: 'operators' as const,
    code: 'FORBIDDEN' as const,
    message: error.message,
  }));
  return provider.installation.detect({ crds: [...crds.values()], operators, unread });
}
