import { conditionOf, type KubernetesObject, listAt, numberAt, textAt, valueAt } from '../../kubernetes.ts';
import type { Line, LineSort } from '../../providers/causes.ts';
import { happenings } from './events.ts';
import type { Evidence, PodEvidence } from './evidence.ts';
import { parseSchedulerMessage, preemptionHelpsNowhere } from './scheduler-message.ts';

const line = (sort: LineSort, source: string, text: string, count = 1): Line => ({ sort, source, text, count });

/** Conditions that are bad when they are true. */
const failures = /Failure$/;

function conditionLines(object: KubernetesObject): readonly Line[] {
  return listAt(object, 'status', 'conditions').flatMap((item) => {
    const [type, status] = [textAt(item, 'type') ?? '', textAt(item, 'status')];
    if (status !== (failures.test(type) ? 'True' : 'False')) return [];
    const words = [textAt(item, 'reason'), textAt(item, 'message')].filter((word) => word).join(': ');
    return words === '' ? [] : [line('condition', `${object.kind} ${object.metadata.name} ${type}`, words)];
  });
}

function containerLines({ name, object }: PodEvidence): readonly Line[] {
  const statuses = [
    ...listAt(object, 'status', 'initContainerStatuses'),
    ...listAt(object, 'status', 'containerStatuses'),
  ];
  return statuses.flatMap((status) => {
    const waiting = valueAt(status, 'state', 'waiting');
    const ended = valueAt(status, 'state', 'terminated') ?? valueAt(status, 'lastState', 'terminated');
    const code = numberAt(ended, 'exitCode');
    const restarts = numberAt(status, 'restartCount') ?? 0;
    const words = [
      [textAt(waiting, 'reason'), textAt(waiting, 'message')].filter((word) => word).join(': '),
      code === undefined || code === 0
        ? ''
        : `${textAt(ended, 'reason') ?? 'Error'}, exit code ${code}, ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}${textAt(ended, 'message') ? `: ${textAt(ended, 'message')}` : ''}`,
    ].filter((word) => word !== '');
    return words.map((text) => line('container', `pod ${name}, container ${textAt(status, 'name')}`, text));
  });
}

/** Clause by clause, each with the number of nodes that it keeps out. */
function schedulerLines({ name, object }: PodEvidence): readonly Line[] {
  const placed = conditionOf(object, 'PodScheduled');
  if (placed?.status !== 'False') return [];
  const source = `scheduler on pod ${name}`;
  const message = placed.message ?? '';
  const parsed = parseSchedulerMessage(message);
  if (parsed === undefined) return [line('scheduler', source, `${placed.reason ?? 'Unschedulable'}: ${message}`)];
  // On a node that could take it after others have gone, preemption is of no help only for want of victims.
  const hopeless = preemptionHelpsNowhere(parsed) ? ' (preemption is not helpful on any)' : '';
  // What holds for every node explains it alone.
  const whole = parsed.clauses.filter(({ nodes }) => nodes === null || nodes === parsed.nodes);
  return (whole.length > 0 ? whole : parsed.clauses).map(({ nodes, reason }) =>
    line('scheduler', source, `${nodes ?? parsed.nodes} of ${parsed.nodes} nodes: ${reason}${hopeless}`),
  );
}

/** Pods that were evicted do not count any more, but they tell why. */
function evictionLines(objects: readonly KubernetesObject[]): readonly Line[] {
  return objects
    .filter((object) => object.kind === 'Pod' && textAt(object, 'status', 'reason') === 'Evicted')
    .map((pod) => line('container', `pod ${pod.metadata.name}`, `Evicted: ${textAt(pod, 'status', 'message') ?? ''}`));
}

function claimLines(claims: readonly KubernetesObject[]): readonly Line[] {
  return claims
    .filter((claim) => textAt(claim, 'status', 'phase') !== 'Bound')
    .map((claim) => {
      const storage = textAt(claim, 'spec', 'storageClassName');
      const words = storage === undefined || storage === '' ? 'without a storage class' : `of storage class ${storage}`;
      return line('claim', `PersistentVolumeClaim ${claim.metadata.name}`, `is Pending, ${words}`);
    });
}

/** Equal words of several pods become one line that counts them. */
function counted(lines: readonly Line[]): readonly Line[] {
  const groups = Map.groupBy(lines, ({ sort, text }) => `${sort} ${text.replaceAll(/-[a-z0-9]{5}\b/g, '-*')}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ ...first, count: group.reduce((sum, { count }) => sum + count, 0) }] : [];
  });
}

/** Every line of evidence about what is not well, the most telling sort first. */
export function linesOf(evidence: Evidence): readonly Line[] {
  const { provider, snapshot, words, pods, events, logs, claims = [], installation, unread } = evidence;
  const { primary, objects, now } = snapshot;
  const unwell = pods.filter(({ ready }) => !ready);
  const parts = objects.filter(({ kind }) => !['Pod', 'Event', 'Service', 'EndpointSlice'].includes(kind));
  // A ready pod's old troubles are over; claims are of the namespace, and theirs that pods do not mount were left out.
  const about = new Set([
    `${primary.kind}/${primary.metadata.name}`,
    ...parts.map(({ kind, metadata }) => `${kind}/${metadata.name}`),
    ...replicaSetsOf(pods),
    ...unwell.map(({ name }) => `Pod/${name}`),
    ...claims.map(({ metadata }) => `PersistentVolumeClaim/${metadata.name}`),
  ]);
  const isAbout = (kind: string, name: string): boolean =>
    about.has(`${kind}/${name}`) || provider.reading.owns?.(primary, { kind, name }) === true;
  return [
    ...counted(unwell.flatMap(containerLines)),
    ...evictionLines(objects),
    ...counted(unwell.flatMap(schedulerLines)),
    ...claimLines(claims),
    ...logs.flatMap((log) =>
      log.lines.map((text) =>
        line('log', `log of ${log.pod}/${log.container}${log.previous ? ' before its restart' : ''}`, text),
      ),
    ),
    line('status', `status of ${primary.kind} ${primary.metadata.name}`, words),
    ...[primary, ...parts].flatMap(conditionLines),
    ...happenings(events, isAbout, now)
      // The pods themselves carry what the scheduler said last.
      .filter(({ message }) => parseSchedulerMessage(message) === undefined)
      .map(({ kind, name, reason, message, count }) =>
        line('event', `event on ${kind} ${name}`, `${reason}: ${message}`, count),
      ),
    ...(installation ? [line('operator', 'operator', `${installation.state}: ${installation.message}`)] : []),
    ...unread.map((text) => line('unread', 'not read', text)),
  ];
}

/** What made the pods: Kubernetes tells on a ReplicaSet that it may not create any. */
const replicaSetsOf = (pods: readonly PodEvidence[]): readonly string[] =>
  pods.flatMap(({ object }) => (object.metadata.ownerReferences ?? []).map(({ kind, name }) => `${kind}/${name}`));
