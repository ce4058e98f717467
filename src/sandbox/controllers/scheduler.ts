import { type KubernetesObject, listAt, textAt } from '../../kubernetes.ts';
import type { Controller } from './controller.ts';
import { createRecorder } from './events.ts';
import { isDeleting, keyOf, splitKey, withTransitions } from './objects.ts';
import { isActive, nodeOf } from './pods.ts';
import { noRoom, type Placement, place, refusedFor } from './scheduling.ts';
import { wishFor } from './wishes.ts';
import type { World } from './world.ts';

const manager = 'kube-scheduler';
const pods = { group: '', kind: 'Pod' };
const nodes = { group: '', kind: 'Node' };
const claims = { group: '', kind: 'PersistentVolumeClaim' };

const isWaiting = (pod: KubernetesObject): boolean => nodeOf(pod) === undefined && isActive(pod) && !isDeleting(pod);

/** The claim for which a pod waits, in the scheduler's words. Nobody binds claims here: one is bound if it says so. */
function unboundClaim(world: World, pod: KubernetesObject): string | undefined {
  for (const volume of listAt(pod, 'spec', 'volumes')) {
    const name = textAt(volume, 'persistentVolumeClaim', 'claimName');
    if (name === undefined) continue;
    const claim = world.cache(claims).get(pod.metadata.namespace ?? '', name);
    if (claim === undefined) return `persistentvolumeclaim "${name}" not found`;
    if (textAt(claim, 'status', 'phase') !== 'Bound') return 'pod has unbound immediate PersistentVolumeClaims';
  }
  return undefined;
}

/** Binds pods to nodes by GPUs, other resources, selectors and taints, one at a time. */
export function scheduler(world: World): Controller {
  const record = createRecorder(world, 'default-scheduler');
  const waiting = () => world.cache(pods).list().filter(isWaiting).map(keyOf);

  const decide = (pod: KubernetesObject): Placement => {
    const all = world.cache(nodes).list();
    const unbound = unboundClaim(world, pod);
    if (unbound !== undefined) return { message: refusedFor(all.length, unbound) };
    if (wishFor(world, pod) === 'unschedulable') return { message: noRoom(pod, all.length) };
    const bound = new Map<string, KubernetesObject[]>();
    for (const other of world.cache(pods).list()) {
      const node = nodeOf(other);
      if (node === undefined || !isActive(other)) continue;
      bound.set(node, [...(bound.get(node) ?? []), other]);
    }
    return place(pod, all, bound);
  };

  const bind = async (pod: KubernetesObject, node: string) => {
    const { namespace, name } = pod.metadata;
    const target = { apiVersion: 'v1', kind: 'Node', name: node };
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace }, target };
    await world.cluster.create(binding, { fieldManager: manager });
    const bound = await world.cluster.get(pods, pod.metadata);
    if (bound !== undefined) world.cache(pods).wrote(bound);
    await record({
      about: pod,
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${namespace}/${name} to ${node}`,
      action: 'Binding',
    });
  };

  return {
    name: 'scheduler',
    workers: 1,
    watches: [
      {
        resource: pods,
        // A pod that goes makes room for those that wait.
        keys: (pod, gone) => (gone ? waiting() : isWaiting(pod) ? [keyOf(pod)] : []),
      },
      { resource: nodes, keys: waiting },
      { resource: claims, keys: waiting },
    ],
    wake: (enqueue) =>
      world.failures.subscribe(() => {
        for (const key of waiting()) enqueue(key);
      }),
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const pod = world.cache(pods).get(namespace, name);
      if (pod === undefined || !isWaiting(pod)) return undefined;
      const gated = listAt(pod, 'spec', 'schedulingGates').length > 0;
      const placement = gated ? { message: 'Scheduling is blocked due to non-empty scheduling gates' } : decide(pod);
      if ('node' in placement) {
        await bind(pod, placement.node);
        return undefined;
      }
      const { message } = placement;
      const already = listAt(pod, 'status', 'conditions').find(
        (condition) => textAt(condition, 'type') === 'PodScheduled',
      );
      if (textAt(already, 'message') === message) return undefined;
      const condition = {
        type: 'PodScheduled',
        status: 'False',
        reason: gated ? 'SchedulingGated' : 'Unschedulable',
        message,
      } as const;
      await world.setStatus(
        pod,
        {
          phase: 'Pending',
          qosClass: 'BestEffort',
          ...(typeof pod.status === 'object' ? pod.status : {}),
          conditions: withTransitions(listAt(pod, 'status', 'conditions'), [condition], world.clock.now()),
        },
        manager,
      );
      if (gated) return undefined;
      await record({ about: pod, type: 'Warning', reason: 'FailedScheduling', message, action: 'Scheduling' });
      return undefined;
    },
  };
}
