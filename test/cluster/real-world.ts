import { openCluster } from '../../src/cluster/open.ts';
import { createClock } from '../../src/sandbox/clock.ts';
import { type Simulation, startSimulation } from '../../src/sandbox/controllers/start.ts';
import { createFailures } from '../../src/sandbox/failures.ts';
import { operatorObjects } from '../../src/sandbox/operators.ts';
import { createRandom } from '../../src/sandbox/random.ts';
import { h100 } from '../../src/sandbox/scenarios/nodes.ts';
import { storageClass } from '../../src/sandbox/scenarios/storage-class.ts';
import type { Age, World } from '../contract/world.ts';
import { truthFolder } from '../support/truth.ts';
import { startControlPlane } from './control-plane.ts';
import { applyCrds } from './crds.ts';
import { startDynamoOperator } from './dynamo-operator.ts';
import { startKubelet } from './kubelet.ts';
import { keepNodes } from './nodes.ts';

const releases = {
  old: {
    dynamo: { version: '1.1.1', apiVersion: 'nvidia.com/v1alpha1', crds: 'dynamo-2026-04' },
    kuberay: { version: '1.6.2', apiVersion: 'ray.io/v1', crds: 'kuberay-1.6.2' },
  },
  current: {
    dynamo: { version: '1.5.1', apiVersion: 'nvidia.com/v1beta1', crds: 'dynamo-2026-08' },
    kuberay: { version: '1.7.0', apiVersion: 'ray.io/v1', crds: 'kuberay-1.7.0' },
  },
} as const;
const machines = [h100(0), h100(1)];

/**
 * A real control plane with the sandbox's nodes, kubelets, scheduler and operators as clients of it, and real CRDs; the
 * Dynamo operator is a process of its own.
 */
export async function realWorld(age: Age): Promise<World> {
  const plane = await startControlPlane();
  const admin = await openCluster({ kubeconfig: [plane.kubeconfig], fieldManager: 'kubectl' });
  const simulator = await openCluster({ kubeconfig: [plane.kubeconfig], fieldManager: 'sandbox' });
  const clock = createClock(Number.POSITIVE_INFINITY);
  const failures = createFailures();
  let simulation: Simulation | undefined;
  const kubelet = await startKubelet(plane, { simulator, pods: () => simulation?.pods });
  const letNodesGo = await keepNodes(simulator, machines, kubelet.port);
  await simulator.create(storageClass);
  simulation = startSimulation({
    cluster: simulator,
    clock,
    random: createRandom(1),
    failures,
    controllerManager: false,
    operators: ['kuberay'],
    log: () => {},
  });
  const dynamoOperator = startDynamoOperator(plane);

  return {
    kubeconfig: plane.kubeconfig,
    admin,
    releases: releases[age],
    installer: {
      name: 'truth',
      ready: async () => ({ ok: true }),
      async carryOut(step, cluster, _progress, signal) {
        if (step.kind === 'deleteCrds') return;
        const runtime = JSON.stringify(step).includes('kuberay') ? 'kuberay' : 'dynamo';
        const folder = truthFolder('crds', releases[age][runtime].crds);
        await applyCrds(plane, folder, { conversion: 'None', missingOnly: step.kind !== 'applyCrds' });
        if (step.kind === 'applyCrds') return;
        const { namespace, release, version = releases[age][runtime].version } = step;
        await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, { signal });
        for (const object of operatorObjects({ runtime, namespace, release, version })) {
          await cluster.apply(object, { fieldManager: 'helm', force: true, signal });
        }
      },
    },
    kubeconfigOf: async ({ namespace, name }) => plane.kubeconfigWith(await plane.serviceAccountToken(namespace, name)),
    restart: plane.restart,
    fail: failures.fail,
    async stop() {
      letNodesGo();
      await dynamoOperator.endInput();
      simulation?.stop();
      clock.stop();
      await kubelet.stop();
      simulator.close();
      admin.close();
      await plane.stop();
    },
  };
}
