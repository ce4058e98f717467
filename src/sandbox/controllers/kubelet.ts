import { type KubernetesObject, textAt } from '../../kubernetes.ts';
import type { RayServe } from '../containers/ray-serve.ts';
import type { Again, Controller } from './controller.ts';
import { createRecorder, type Happening } from './events.ts';
import { isDeleting, isMap, isReady, keyOf, labelOf, splitKey } from './objects.ts';
import { advance, type Surroundings, type Timed } from './pod-behaviour.ts';
import { podStatus, pullError, type Run } from './pod-status.ts';
import { containersOf, identify, isActive, nodeOf } from './pods.ts';
import { missingReference, unmountedVolume } from './references.ts';
import { wishFor } from './wishes.ts';
import type { World } from './world.ts';

const manager = 'kubelet';
const pods = { group: '', kind: 'Pod' };
const nodes = { group: '', kind: 'Node' };
const secrets = { group: '', kind: 'Secret' };
const configMaps = { group: '', kind: 'ConfigMap' };
/** Simulated seconds that a pod needs to end. */
const endSeconds = 1;

/** The kubelets of all nodes: they start, probe, restart and end the containers of the pods bound there. */
export function kubelet(world: World, ray: RayServe): Controller {
  const record = createRecorder(world, manager);
  /** By key of the pod; a pod of the same name with another uid begins anew. */
  const runs = new Map<string, Timed & { readonly uid: string | undefined }>();
  const ending = new Set<string>();
  const images = new Set<string>();
  const mine = () =>
    world
      .cache(pods)
      .list()
      .filter((pod) => nodeOf(pod) !== undefined);
  const ofCluster = (namespace: string, cluster: string) =>
    mine().filter((pod) => pod.metadata.namespace === namespace && labelOf(pod, 'ray.io/cluster') === cluster);
  let addresses = 1;

  const imageOf = (pod: KubernetesObject): string => textAt(containersOf(pod)[0], 'image') ?? '';
  const imageOnNode = (pod: KubernetesObject): string => `${nodeOf(pod)} ${imageOf(pod)}`;

  const begin = (pod: KubernetesObject): Timed => {
    const node = world.cache(nodes).get('', nodeOf(pod) ?? '');
    addresses += 1;
    const run: Run = {
      stage: 'creating',
      startTime: world.clock.now(),
      restarts: 0,
      pulls: 0,
      podIP: `10.244.${Math.floor(addresses / 250)}.${(addresses % 250) + 1}`,
      hostIP: textAt(node, 'status', 'addresses', 0, 'address') ?? '10.0.0.1',
      containerID: `containerd://${world.random.hex(64)}`,
    };
    return { run, since: Date.now() };
  };

  const around = (pod: KubernetesObject): Surroundings => {
    const namespace = pod.metadata.namespace ?? '';
    const { rayCluster } = identify(pod);
    const head = (other: KubernetesObject) => labelOf(other, 'ray.io/node-type') === 'head' && isReady(other);
    return {
      failure: wishFor(world, pod),
      imagePresent: images.has(imageOnNode(pod)),
      missing: missingReference(world, pod),
      unmounted: unmountedVolume(world, pod),
      headReady: rayCluster !== undefined && ofCluster(namespace, rayCluster).some(head),
      rayServes: rayCluster !== undefined && ray.serves(`${namespace}/${rayCluster}`),
    };
  };

  /** The events that a kubelet writes when containers get there. */
  const happenings = (pod: KubernetesObject, run: Run, present: boolean): readonly Happening[] => {
    const { stage, restarts } = run;
    const image = imageOf(pod);
    const normal = (reason: string, message: string): Happening => ({ about: pod, type: 'Normal', reason, message });
    const warning = (reason: string, message: string): Happening => ({ about: pod, type: 'Warning', reason, message });
    const name = textAt(containersOf(pod)[0], 'name');
    switch (stage) {
      case 'creating': {
        const unmounted = unmountedVolume(world, pod);
        if (unmounted !== undefined) return [warning('FailedMount', unmounted)];
        return present ? [] : [normal('Pulling', `Pulling image "${image}"`)];
      }
      case 'config-error':
        return [warning('Failed', `Error: ${run.missing}`)];
      case 'terminated':
        return wishFor(world, pod) === 'liveness-failed'
          ? [
              warning('Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 503'),
              normal('Killing', `Container ${name} failed liveness probe, will be restarted`),
            ]
          : [];
      case 'running':
        return [
          present || restarts > 0
            ? normal('Pulled', `Container image "${image}" already present on machine and can be accessed by the pod`)
            : normal('Pulled', `Successfully pulled image "${image}" in 5s (5s including waiting)`),
          normal('Created', 'Container created'),
          normal('Started', 'Container started'),
        ];
      case 'pull-failed':
        return [
          warning('Failed', `Failed to pull image "${image}": ${pullError(image, run)}`),
          warning('Failed', 'Error: ErrImagePull'),
        ];
      case 'pull-backoff':
        return [normal('BackOff', `Back-off pulling image "${image}"`), warning('Failed', 'Error: ImagePullBackOff')];
      case 'crash-backoff':
        return [
          warning(
            'BackOff',
            `Back-off restarting failed container ${name} in pod ${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`,
          ),
        ];
      default:
        return [];
    }
  };

  /**
   * Follows the pod from stage to stage as far as it gets now, and writes where it got. While waits are skipped that
   * is one write; else every stage is one.
   */
  const follow = async (pod: KubernetesObject, known: Timed | undefined): Promise<Again | undefined> => {
    let shown = pod;
    let timed = known ?? begin(pod);
    let again: Again | undefined;
    const said: Happening[] = [];
    const show = () => {
      said.push(...happenings(pod, timed.run, images.has(imageOnNode(pod))));
      shown = { ...shown, status: podStatus(shown, timed.run, world.clock.now()) };
      if (timed.run.startedAt !== undefined) images.add(imageOnNode(pod));
    };
    if (known === undefined) show();
    for (;;) {
      const step = advance(shown, timed, around(pod), world.clock);
      if (step === undefined || 'after' in step) {
        again = step;
        break;
      }
      // A pod that was ready and is running again has lost its readiness: its containers did not start anew.
      const lostReadiness = timed.run.stage === 'ready' && step.run.stage === 'running';
      timed = { run: step.run, since: Date.now() };
      show();
      if (lostReadiness) said.length = 0;
    }
    if (isMap(shown.status)) await world.setStatus(pod, shown.status, manager);
    runs.set(keyOf(pod), { ...timed, uid: pod.metadata.uid });
    for (const happening of said) await record(happening);
    return again;
  };

  return {
    name: 'kubelet',
    watches: [
      {
        resource: pods,
        keys: (pod) => {
          const { namespace = '' } = pod.metadata;
          const { role, rayCluster } = identify(pod);
          const others = role === 'head' && rayCluster !== undefined ? ofCluster(namespace, rayCluster) : [];
          return [pod, ...others].map(keyOf);
        },
      },
      { resource: nodes, keys: () => [] },
      // A pod that waits for a Secret or ConfigMap goes on when it comes.
      ...[secrets, configMaps].map((resource) => ({
        resource,
        keys: ({ metadata }: KubernetesObject) =>
          mine()
            .filter(
              (pod) => pod.metadata.namespace === metadata.namespace && textAt(pod, 'status', 'phase') === 'Pending',
            )
            .map(keyOf),
      })),
    ],
    wake(enqueue) {
      const stops = [
        world.failures.subscribe(() => {
          for (const pod of mine()) enqueue(keyOf(pod));
        }),
        ray.subscribe((key) => {
          const { namespace, name } = splitKey(key);
          for (const pod of ofCluster(namespace, name)) enqueue(keyOf(pod));
        }),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const pod = world.cache(pods).get(namespace, name);
      if (pod === undefined) {
        runs.delete(key);
        ending.delete(key);
        return undefined;
      }
      if (nodeOf(pod) === undefined || !isActive(pod)) return undefined;
      if (isDeleting(pod)) {
        if (ending.has(key)) await world.remove(pod, 0);
        ending.add(key);
        return { after: endSeconds };
      }
      const found = runs.get(key);
      return follow(pod, found?.uid === pod.metadata.uid ? found : undefined);
    },
  };
}
