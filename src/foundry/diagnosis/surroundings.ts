import { textsAt } from '../../kubernetes.ts';
import type { CauseCode } from '../../providers/causes.ts';
import { foreignFinalizers } from '../../providers/finalizers.ts';
import { readLogs, refOf, removeIt, restart, toolCall } from '../../providers/fixes.ts';
import { heldBecause } from '../../providers/letting-go.ts';
import { age } from '../ages.ts';
import type { Evidence, PodEvidence } from './evidence.ts';
import type { Finding } from './findings.ts';
import type { Wait } from './waits.ts';

const finding = (code: CauseCode, title: string, source: string, line: string, fix: string): Finding => ({
  code,
  title,
  evidence: { source, line, count: 1 },
  fix,
});

/** What the operator's own state says, where it was looked at because nothing else explains the wait. */
export function operatorFinding({ installation, subject, provider, unread }: Evidence): Finding | undefined {
  const words = unread.find((text) => /conversion webhook for/.test(text));
  if (words !== undefined)
    return finding(
      'CONVERSION_DOWN',
      `The conversion webhook of ${provider.title} is down: its objects cannot be read in every version.`,
      'API server',
      words,
      toolCall('get_runtimes_status', { runtime: subject.runtime }),
    );
  if (installation === undefined) return undefined;
  const { state, message, watches, operator } = installation;
  if (state === 'partial')
    return finding(
      'OPERATOR_MISSING',
      `No ${provider.title} operator runs: nothing acts on it.`,
      'operator',
      message,
      toolCall('install_runtime', { runtime: subject.runtime }),
    );
  if (state === 'unhealthy')
    return finding(
      'OPERATOR_DOWN',
      `The ${provider.title} operator is down: nothing acts on it.`,
      'operator',
      message,
      operator
        ? operator.desired === 0
          ? `kubectl scale deployment/${operator.name} -n ${operator.namespace} --replicas 1`
          : `kubectl rollout restart deployment/${operator.name} -n ${operator.namespace}`
        : toolCall('get_runtimes_status', { runtime: subject.runtime }),
    );
  if (watches !== undefined && !watches.includes(subject.namespace))
    return finding(
      'NAMESPACE_NOT_WATCHED',
      `The ${provider.title} operator does not watch namespace ${subject.namespace}: it waits for ever.`,
      'operator',
      message,
      removeIt(subject),
    );
  return undefined;
}

/** Seconds that a deletion takes where its operator works. */
const deletionSeconds = 120;

/** A deletion that nobody finishes. */
export function heldDeletion(evidence: Evidence): Finding | undefined {
  const { primary, now } = evidence.snapshot;
  const since = primary.metadata.deletionTimestamp;
  const finalizers = textsAt(primary, 'metadata', 'finalizers');
  if (since === undefined || finalizers.length === 0) return undefined;
  const foreign = foreignFinalizers(primary);
  const unattended = evidence.installation !== undefined && heldBecause(evidence.installation, primary) !== undefined;
  if (foreign.length === 0 && !unattended && (now.getTime() - Date.parse(since)) / 1000 < deletionSeconds)
    return undefined;
  const { resource, name, namespace } = evidence.subject;
  const names = finalizers.filter((one) => /^[\w./-]{1,128}$/.test(one));
  const named = `${finalizers.length === 1 ? 'its finalizer' : 'its finalizers'}${names.length > 0 ? ` ${names.join(', ')}` : ''}`;
  return finding(
    'DELETION_HELD',
    `Its deletion has hung for ${age(since, now)}: nobody takes away ${named}. The fix skips what that was for: do it by hand first.`,
    `${primary.kind} ${name}`,
    `finalizers: ${finalizers.join(', ')}`,
    `kubectl patch ${resource} ${name} -n ${namespace} --type merge -p '{"metadata":{"finalizers":null}}'`,
  );
}

const statusOf = ({ deployment }: Evidence): string => `status of ${deployment.kind} ${deployment.name}`;

const neverCameUp = ({ wasReady, ready, failing, unschedulable }: PodEvidence): boolean =>
  !ready && !wasReady && (failing ?? unschedulable) !== undefined;

const stuckUpgrade = (evidence: Evidence): Finding =>
  finding(
    'UPGRADE_STUCK',
    'A change is being rolled out and its new pods do not come up; the old ones serve on.',
    statusOf(evidence),
    evidence.words,
    toolCall('get_deployment', { ...refOf(evidence.subject), detail: true }),
  );

function lostHead(evidence: Evidence): Finding | undefined {
  const head = evidence.deployment.roles.find(({ role }) => role === 'head');
  if (head?.desired !== 1 || head.ready !== 0) return undefined;
  const title = 'The Ray head is gone or not ready: what runs serves on, but nothing is repaired or scaled.';
  return finding('HEAD_LOST', title, statusOf(evidence), evidence.words, restart(evidence.subject));
}

function lostReplica({ pods, subject }: Evidence): Finding | undefined {
  const lost = pods.find(({ wasReady }) => wasReady);
  if (lost === undefined) return undefined;
  const title = 'A replica was ready and is not any more.';
  return finding('REPLICA_LOST', title, `pod ${lost.name}`, lost.waiting?.message ?? 'not ready', restart(subject));
}

/** What is said of a deployment that lost something, beside the cause if one is known. A rollout may go well meanwhile. */
export function lossFinding(evidence: Evidence): Finding | undefined {
  const { phase, upgrading } = evidence.deployment;
  if (phase !== 'Degraded') return undefined;
  if (upgrading && evidence.pods.some(neverCameUp)) return stuckUpgrade(evidence);
  return lostHead(evidence) ?? lostReplica(evidence) ?? (upgrading ? stuckUpgrade(evidence) : undefined);
}

/** What it means that a wait takes longer than it ever should. */
const overdue: Partial<Record<Wait['code'], { readonly code: CauseCode; readonly title: string }>> = {
  MODEL_LOADS: { code: 'LOADING_TOO_LONG', title: 'Its model loads longer than any should' },
  IMAGE_IS_PULLED: { code: 'IMAGE_SLOW', title: 'Its image takes long to be pulled, or a volume to be mounted' },
  OPERATOR_ACTS: { code: 'OPERATOR_SILENT', title: 'Its operator runs and has not acted on it' },
  PODS_APPEAR: { code: 'OPERATOR_SILENT', title: 'Its operator runs and has not made all of its pods' },
  OPERATOR_NOTICES: { code: 'OPERATOR_SILENT', title: 'Its operator runs and has not noticed that its pods are ready' },
};

/** A wait that is longer than normal, with the last that was said. */
export function overdueFinding(evidence: Evidence, { code, since, normal }: Wait): Finding | undefined {
  const meaning = overdue[code];
  if (meaning === undefined || since === null || since <= normal) return undefined;
  const { subject, snapshot, logs, words } = evidence;
  const last = logs.at(-1)?.lines.at(-1);
  const log = logs.at(-1);
  const title = `${meaning.title}: ${age(new Date(snapshot.now.getTime() - since * 1000).toISOString(), snapshot.now)} so far.`;
  const { operator } = evidence.installation ?? {};
  const fix =
    meaning.code === 'OPERATOR_SILENT'
      ? operator
        ? `kubectl logs deployment/${operator.name} -n ${operator.namespace} --tail 50`
        : toolCall('get_runtimes_status', { runtime: subject.runtime })
      : meaning.code === 'IMAGE_SLOW'
        ? toolCall('get_deployment', { ...refOf(subject), detail: true })
        : readLogs(subject);
  return log && last
    ? finding(meaning.code, title, `log of ${log.pod}/${log.container}`, last, fix)
    : finding(meaning.code, title, `status of ${subject.name}`, words, fix);
}
