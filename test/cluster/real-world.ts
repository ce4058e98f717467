import { setInterval } from 'node:timers';
import { openCluster } from '../../src/cluster/open.ts';
import { createClock } from '../../src/sandbox/clock.ts';
import { startSimulation } from '../../src/sandbox/controllers/start.ts';
import { createFailures } from '../../src/sandbox/failures.ts';
import { operatorObjects } from '../../src/sandbox/operators.ts';
import { createRandom } from '../../src/sandbox/random.ts';
import { h100, node } from '../../src/sandbox/scenarios/nodes.ts';
import type { World } from '../contract/world.ts';
import { truthFolder } from '../support/truth.ts';
import { startControlPlane } from './control-plane.ts';
import { applyCrds } from './crds.ts';

/** kube-controller-manager gives up a node that says nothing for 50 s. */
const heartbeatMilliseconds = 10_000;
const machines = [h100(0), h100(1)];
const nodes = { group: '', kind: 'Node' };

/**
 * A real control plane with the sandbox's nodes, kubelets, scheduler and operators as clients of it.
 *
 * @param crds - folder of each runtime's real CRDs
 */
export async function realWorld(
  releases: World['releases'],
  crds: Readonly<Record<keyof World['releases'], string>>,
): Promise<World> {
  const plane = await startControlPlane();
  const admin = await openCluster({ kubeconfig: [plane.kubeconfig], fieldManager: 'kubectl' });
  const simulator = await openCluster({ kubeconfig: [plane.kubeconfig], fieldManager: 'sandbox' });
  const clock = createClock(Number.POSITIVE_INFINITY);

  const beat = async () => {
    for (const [index, machine] of machines.entries()) {
      const { status } = node(machine, index, 'v1.35.4', new Date());
      await simulator.patch(nodes, { name: machine.name }, { status }, { subresource: 'status' });
    }
  };
  for (const [index, machine] of machines.entries()) {
    await simulator.create(node(machine, index, 'v1.35.4', new Date()));
  }
  await beat();
  const heart = setInterval(() => beat().catch(() => {}), heartbeatMilliseconds);
  const simulation = startSimulation({
    cluster: simulator,
    clock,
    random: createRandom(1),
    failures: createFailures(),
    controllerManager: false,
    log: () => {},
  });

  return {
    kubeconfig: plane.kubeconfig,
    admin,
    releases,
    installer: {
      name: 'truth',
      ready: async () => ({ ok: true }),
      async carryOut(step, cluster, _progress, signal) {
        if (step.kind === 'deleteCrds') return;
        const runtime = JSON.stringify(step).includes('kuberay') ? 'kuberay' : 'dynamo';
        await applyCrds(plane, truthFolder('crds', crds[runtime]), { conversion: 'None' });
        if (step.kind === 'applyCrds') return;
        const { namespace, release, version = releases[runtime].version } = step;
        await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, { signal });
        for (const object of operatorObjects({ runtime, namespace, release, version })) {
          await cluster.apply(object, { fieldManager: 'helm', force: true, signal });
        }
      },
    },
    kubeconfigOf: async ({ namespace, name }) => plane.kubeconfigWith(await plane.serviceAccountToken(namespace, name)),
    restart: plane.restart,
    async stop() {
      clearInterval(heart);
      simulation.stop();
      clock.stop();
      simulator.close();
      admin.close();
      await plane.stop();
    },
  };
}
