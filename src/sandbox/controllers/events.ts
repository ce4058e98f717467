import type { KubernetesObject } from '../../kubernetes.ts';
import { timestamp } from './objects.ts';
import type { World } from './world.ts';

export interface Happening {
  readonly about: KubernetesObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Set by those who write the newer form of events: what was being done. */
  readonly action?: string;
}

export type Recorder = (happening: Happening) => Promise<void>;

/**
 * Writes Events as this component does, counting repetitions of the same one.
 * The scheduler, Dynamo and KubeRay ≥ 1.7 write `eventTime`, `action` and `series`; kubelet and controllers
 * `count`, `firstTimestamp` and `lastTimestamp`. `manager` is the program of which the component is a part.
 */
export function createRecorder(world: World, component: string, manager = component): Recorder {
  const known = new Map<string, { readonly event: KubernetesObject; count: number }>();
  return async ({ about, type, reason, message, action }) => {
    const key = `${about.metadata.uid} ${reason} ${message}`;
    const now = world.clock.now();
    const micro = `${now.toISOString().slice(0, -1)}000Z`;
    const seen = known.get(key);
    if (seen !== undefined) {
      seen.count += 1;
      const again =
        action === undefined
          ? { count: seen.count, lastTimestamp: timestamp(now) }
          : { series: { count: seen.count, lastObservedTime: micro } };
      await world.patch(seen.event, again, manager).catch(() => known.delete(key));
      return;
    }
    const times =
      action === undefined
        ? { count: 1, firstTimestamp: timestamp(now), lastTimestamp: timestamp(now), source: { component } }
        : { eventTime: micro, action, firstTimestamp: null, lastTimestamp: null, source: {} };
    const event = await world.create(
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: {
          name: `${about.metadata.name}.${world.random.hex(16)}`,
          namespace: about.metadata.namespace ?? 'default',
        },
        involvedObject: {
          apiVersion: about.apiVersion,
          kind: about.kind,
          name: about.metadata.name,
          namespace: about.metadata.namespace,
          uid: about.metadata.uid,
          resourceVersion: about.metadata.resourceVersion,
        },
        type,
        reason,
        message,
        reportingComponent: component,
        reportingInstance: action === undefined ? '' : `${component}-sandbox`,
        ...times,
      },
      manager,
    );
    if (event !== undefined) known.set(key, { event, count: 1 });
  };
}
