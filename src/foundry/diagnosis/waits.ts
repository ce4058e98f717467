import { conditionOf, listAt, textAt, valueAt } from '../../kubernetes.ts';
import type { Snapshot } from '../../providers/provider.ts';
import type { Phase } from '../../providers/spec.ts';
import type { Evidence, PodEvidence } from './evidence.ts';

export const waitCodes = [
  'OPERATOR_ACTS',
  'PODS_APPEAR',
  'POD_IS_PLACED',
  'IMAGE_IS_PULLED',
  'RAY_HEAD_STARTS',
  'MODEL_LOADS',
  'OPERATOR_NOTICES',
  'DELETION_ENDS',
] as const;

/** What a deployment that has nothing wrong waits for. Seconds. */
export interface Wait {
  readonly code: (typeof waitCodes)[number];
  readonly what: string;
  readonly since: number | null;
  readonly normal: number;
}

const secondsSince = (timestamp: string | undefined, now: Date): number | null => {
  const began = Date.parse(timestamp ?? '');
  return Number.isNaN(began) ? null : Math.max(0, Math.round((now.getTime() - began) / 1000));
};

const startedAt = ({ object }: PodEvidence): string | undefined =>
  listAt(object, 'status', 'containerStatuses')
    .map((status) => textAt(status, 'state', 'running', 'startedAt'))
    .find((time) => time !== undefined);

const pulls = ({ object }: PodEvidence): boolean =>
  [...listAt(object, 'status', 'initContainerStatuses'), ...listAt(object, 'status', 'containerStatuses')].some(
    (status) =>
      textAt(status, 'state', 'waiting', 'reason') === 'ContainerCreating' ||
      textAt(status, 'state', 'waiting', 'reason') === 'ErrImagePull',
  );

const initializes = ({ object }: PodEvidence): boolean =>
  listAt(object, 'status', 'initContainerStatuses').some((status) => valueAt(status, 'state', 'running') !== undefined);

const newest = (times: readonly (string | undefined)[]): string | undefined =>
  times
    .filter((time) => time !== undefined)
    .toSorted()
    .at(-1);

/** When anybody last changed what is asked for, of it or of its parts: the API server notes that. */
function changedAt({ primary, objects }: Snapshot): string | undefined {
  const asking = [primary, ...objects.filter(({ kind }) => kind !== 'Pod' && kind !== 'Event')];
  const written = asking.flatMap(({ metadata }) => [
    metadata.creationTimestamp,
    ...listAt(metadata, 'managedFields')
      .filter((entry) => textAt(entry, 'subresource') === undefined)
      .map((entry) => textAt(entry, 'time')),
  ]);
  return newest(written);
}

/** A role of which some replicas are ready and no pods are there for the others. */
const lacking = ({ deployment, pods }: Evidence) =>
  deployment.roles.find(
    ({ role, desired, ready }) =>
      desired !== null && ready !== null && ready < desired && (ready > 0 || !pods.some((pod) => pod.role === role)),
  );

/** What it waits for once every pod that there is is ready. */
function waitOfReady(evidence: Evidence): Wait {
  const { snapshot, pods, provider, words } = evidence;
  const { now } = snapshot;
  const ready = newest(pods.map(({ object }) => conditionOf(object, 'Ready')?.lastTransitionTime));
  const since = secondsSince(ready, now);
  const short = lacking(evidence);
  if (short) {
    const what = `more pods to be made: ${short.ready} of ${short.desired} ${short.role} replicas are ready`;
    return { code: 'PODS_APPEAR', what, since: secondsSince(changedAt(snapshot), now), normal: 60 };
  }
  const { loading } = provider.reading;
  if (loading?.words.test(words))
    return { code: 'MODEL_LOADS', what: `${loading.who} to download and load the model`, since, normal: 1800 };
  const what = `the ${provider.title} operator to notice that its pods are ready`;
  return { code: 'OPERATOR_NOTICES', what, since, normal: 60 };
}

/** Failed: it will not heal by waiting. */
const settled: ReadonlySet<Phase> = new Set(['Running', 'Suspended', 'Failed']);

/** Pods first as far back as they are: an unplaced one holds up the rest. */
export function waitOf(evidence: Evidence): Wait | null {
  const { snapshot, deployment, pods, provider } = evidence;
  const { primary, now } = snapshot;
  const { phase } = deployment;
  if (phase === null || settled.has(phase)) return null;
  const changed = secondsSince(changedAt(snapshot), now);
  if (phase === 'Deleting')
    return {
      code: 'DELETION_ENDS',
      what: 'its parts to end',
      since: secondsSince(primary.metadata.deletionTimestamp, now),
      normal: 120,
    };
  if (primary.status === undefined || deployment.stale)
    return { code: 'OPERATOR_ACTS', what: `the ${provider.title} operator to act on it`, since: changed, normal: 30 };
  if (pods.length === 0) return { code: 'PODS_APPEAR', what: 'its pods to be made', since: changed, normal: 60 };
  const unwell = pods.filter(({ ready }) => !ready);
  const age = (pod: PodEvidence) => secondsSince(pod.object.metadata.creationTimestamp, now);
  const unplaced = unwell.find(({ scheduled }) => !scheduled);
  if (unplaced)
    return { code: 'POD_IS_PLACED', what: `a node for pod ${unplaced.name}`, since: age(unplaced), normal: 60 };
  const pulling = unwell.find(pulls);
  if (pulling) {
    const placed = conditionOf(pulling.object, 'PodScheduled')?.lastTransitionTime;
    const since = secondsSince(placed, now) ?? age(pulling);
    return { code: 'IMAGE_IS_PULLED', what: `the image of pod ${pulling.name} (10 GB and more)`, since, normal: 900 };
  }
  const waiting = unwell.find(initializes);
  if (waiting)
    return {
      code: 'RAY_HEAD_STARTS',
      what: `the init container of pod ${waiting.name}`,
      since: age(waiting),
      normal: 300,
    };
  const loading = unwell.find(({ role }) => role !== 'frontend' && role !== 'head') ?? unwell[0];
  if (loading)
    return {
      code: 'MODEL_LOADS',
      what: `pod ${loading.name} to download and load the model`,
      since: secondsSince(startedAt(loading), now) ?? age(loading),
      normal: 1800,
    };
  return waitOfReady(evidence);
}
