import { openCluster } from '../../src/cluster/open.ts';
import { createClock } from '../../src/sandbox/clock.ts';
import { type Simulation, startSimulation } from '../../src/sandbox/controllers/start.ts';
import { createFailures } from '../../src/sandbox/failures.ts';
import { operatorObjects } from '../../src/sandbox/operators.ts';
import { createRandom } from '../../src/sandbox/random.ts';
import { h100 } from '../../src/sandbox/scenarios/nodes.ts';
import { nobody, type World } from '../contract/world.ts';
import { truthFolder } from '../support/truth.ts';
import { startControlPlane } from './control-plane.ts';
import { applyCrds } from './crds.ts';
import { startKubelet } from './kubelet.ts';
import { type KubeRayOperator, kuberayVersion, startKubeRayOperator } from './kuberay-operator.ts';
import { keepNodes } from './nodes.ts';
import { type RayDashboard, startRayDashboard } from './ray-dashboard.ts';

/** A real control plane with the real KubeRay operator; nodes, pods and the Ray in them are simulated. */
export interface KubeRayWorld extends Pick<World, 'kubeconfig' | 'admin' | 'installer' | 'fail' | 'restart' | 'stop'> {
  readonly dashboard: RayDashboard;
  readonly operator: KubeRayOperator;
}

const namespace = 'kuberay-system';

/** The Kubernetes Deployment by which the operator is known to be there. */
export const operatorDeployment = { namespace, name: 'kuberay-operator' } as const;

export async function startKubeRayWorld(): Promise<KubeRayWorld> {
  const crds = truthFolder('crds', `kuberay-${kuberayVersion}`);
  const plane = await startControlPlane({
    beforeControllers: async (server) => void (await applyCrds(server, crds)),
  });
  const clock = createClock(Number.POSITIVE_INFINITY);
  const failures = createFailures();
  const admin = await openCluster({ kubeconfig: [plane.kubeconfig], fieldManager: 'kubectl' });
  const simulator = await openCluster({ kubeconfig: [plane.kubeconfig], fieldManager: 'sandbox' });
  const dashboard = await startRayDashboard(clock);
  let simulation: Simulation | undefined;
  const kubelet = await startKubelet(plane, { simulator, pods: () => simulation?.pods });
  const letNodesGo = await keepNodes(simulator, [h100(0), h100(1)], kubelet.port);
  simulation = startSimulation({
    cluster: simulator,
    clock,
    random: createRandom(1),
    failures,
    ray: dashboard.ray,
    controllerManager: false,
    operators: [],
    log: () => {},
  });

  // What the chart would leave in the cluster. Its pod is simulated: the operator runs beside it.
  await admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const release = { runtime: 'kuberay', version: kuberayVersion, release: 'kuberay-operator', namespace } as const;
  for (const object of operatorObjects(release)) await admin.apply(object, { fieldManager: 'helm' });
  const operator = await startKubeRayOperator(plane, { rayDashboard: dashboard.proxy });

  return {
    kubeconfig: plane.kubeconfig,
    admin,
    installer: nobody,
    dashboard,
    operator,
    fail: failures.fail,
    restart: plane.restart,
    async stop() {
      await operator.stop();
      letNodesGo();
      simulation?.stop();
      clock.stop();
      await kubelet.stop();
      await dashboard.stop();
      simulator.close();
      admin.close();
      await plane.stop();
    },
  };
}
