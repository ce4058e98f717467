import type { LiveList } from '../cluster/cluster.ts';
import { type KubernetesObject, numberAt, textAt } from '../kubernetes.ts';
import type { Site } from './site.ts';
import { plainLine } from './untrusted-text.ts';

/** An Event as a person reads it. */
export interface ClusterEvent {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  /** Of the object that it is about. */
  readonly kind: string;
  readonly name: string;
  readonly count: number;
  /** When it was seen last. */
  readonly at: string | null;
}

/** The events of one namespace, live. */
export const liveEvents = (site: Site, namespace: string): LiveList<ClusterEvent> =>
  site.cluster.live({ group: '', kind: 'Event' }, { namespace }, describeEvent);

function describeEvent(event: KubernetesObject): ClusterEvent {
  const at = ['lastTimestamp', 'eventTime', 'firstTimestamp'].map((field) => textAt(event, field));
  return {
    type: plainLine(textAt(event, 'type') ?? '', 20),
    reason: plainLine(textAt(event, 'reason') ?? '', 100),
    message: plainLine(textAt(event, 'message') ?? ''),
    kind: plainLine(textAt(event, 'involvedObject', 'kind') ?? '', 100),
    name: plainLine(textAt(event, 'involvedObject', 'name') ?? '', 253),
    count: numberAt(event, 'count') ?? numberAt(event, 'series', 'count') ?? 1,
    at: at.find((time) => time !== undefined && time !== '') ?? textAt(event, 'metadata', 'creationTimestamp') ?? null,
  };
}
