import { groupOf, type KubernetesObject, textAt } from '../../kubernetes.ts';
import type { Subject } from '../../providers/causes.ts';
import { judgePod } from '../../providers/pods.ts';
import type { Provider, Snapshot } from '../../providers/provider.ts';
import { askedOf } from '../asked.ts';
import { type Deployment, describeDeployment } from '../deployment.ts';
import type { Evidence, PodEvidence } from './evidence.ts';

/** What a snapshot and the warnings of its namespace tell, before anything else is read. */
export function evidenceOf(provider: Provider, snapshot: Snapshot, events: readonly KubernetesObject[]): Evidence {
  const deployment = describeDeployment(provider, snapshot);
  const pods = podsOf(provider, snapshot);
  const subject = subjectOf(provider, snapshot, deployment, pods);
  const words = wordsOf(provider, snapshot) ?? `${deployment.reason}: ${deployment.message}`;
  return { provider, snapshot, deployment, words, subject, pods, events, logs: [], unread: [] };
}

function wordsOf(provider: Provider, snapshot: Snapshot): string | undefined {
  try {
    const { reason, message } = provider.reading.status(snapshot);
    return `${reason}: ${message}`;
  } catch {
    return undefined;
  }
}

/** A pod that is replaced was made for what was asked for before: what ails it says nothing of what is asked for now. */
function podsOf(provider: Provider, snapshot: Snapshot): readonly PodEvidence[] {
  return provider.reading
    .pods(snapshot)
    .map(({ pod, role, replaced = false }) => ({ pod: { ...judgePod(pod), object: pod, role }, replaced }))
    .filter(({ pod, replaced }) => !pod.gone && (pod.ready || !replaced))
    .map(({ pod }) => pod);
}

/** Who its pods take the Hugging Face token from. */
function tokenSecret(pods: readonly PodEvidence[], primary: KubernetesObject): string | null {
  const text = JSON.stringify([primary.spec, pods.map(({ object }) => object.spec)]);
  const direct =
    /"name":"(?:HF_TOKEN|HUGGING_FACE_HUB_TOKEN)","valueFrom":\{"secretKeyRef":\{[^}]*?"name":"([a-z0-9.-]{1,253})"/.exec(
      text,
    );
  const whole = /"(?:envFromSecret":"|secretRef":\{"name":")([a-z0-9.-]{1,253})"/.exec(text);
  return direct?.[1] ?? whole?.[1] ?? null;
}

function subjectOf(provider: Provider, snapshot: Snapshot, row: Deployment, pods: readonly PodEvidence[]): Subject {
  const { primary } = snapshot;
  const asked = askedOf(provider, primary);
  const model = row.roles.find(({ role }) => role === 'worker' || role === 'prefill' || role === 'decode');
  return {
    name: row.name,
    namespace: row.namespace,
    runtime: row.runtime,
    resource: `${provider.plural}.${groupOf(primary.apiVersion)}`,
    managed: row.managed,
    model: row.model,
    engine: row.engine,
    gpus: model?.gpus ?? null,
    cpu: limitOf(pods, 'cpu') ?? asked?.cpu ?? null,
    memory: limitOf(pods, 'memory') ?? asked?.memory ?? null,
    asked,
    hfTokenSecret: tokenSecret(pods, primary),
    defaultNamespace: provider.defaultNamespace,
    nameLimit: provider.nameLimit(row.namespace),
  };
}

/** Its pods tell what they got also where nobody asked for it. */
function limitOf(pods: readonly PodEvidence[], resource: 'cpu' | 'memory'): string | undefined {
  const pod = pods.find(({ role }) => role === 'worker' || role === 'prefill' || role === 'decode');
  return textAt(pod?.object, 'spec', 'containers', 0, 'resources', 'limits', resource);
}
