import { openCluster } from '../../src/cluster/open.ts';
import { createClock } from '../../src/sandbox/clock.ts';
import { startSimulation } from '../../src/sandbox/controllers/start.ts';
import { createFailures, type Failures } from '../../src/sandbox/failures.ts';
import { createRandom } from '../../src/sandbox/random.ts';
import { h100 } from '../../src/sandbox/scenarios/nodes.ts';
import { storageClass } from '../../src/sandbox/scenarios/storage-class.ts';
import { type KubernetesBinaries, kubernetesBinaries } from '../support/kubernetes-binaries.ts';
import { truthFolder } from '../support/truth.ts';
import { type ChartRepository, type ChartVersion, startChartRepository } from './chart-repository.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { startKubeRayOperator } from './kuberay-operator.ts';
import { keepNodes } from './nodes.ts';
import { applyCrdsOfDynamo, runKubeRay } from './operator-pods.ts';
import { startRayDashboard } from './ray-dashboard.ts';

/** A real control plane on which nothing is installed, charts over HTTP, and what installs them. Nodes and pods are simulated. */
export interface BareCluster extends KubernetesBinaries {
  readonly plane: ControlPlane;
  readonly charts: ChartRepository;
  /** What goes wrong with pods, the operators' among them. */
  readonly failures: Failures;
  stop(): Promise<void>;
}

interface BareClusterOptions {
  /** Who acts for RayServices once KubeRay is installed; the real operator brings the real CRDs with it. */
  readonly kuberay: 'simulated' | 'real';
  /** Told what operators do, a line at a time. */
  readonly log?: (line: string) => void;
}

/** What can be installed there. */
export const chartVersions = [
  { runtime: 'kuberay', version: '1.6.2' },
  { runtime: 'kuberay', version: '1.7.0' },
  { runtime: 'dynamo', version: '1.5.1' },
  { runtime: 'dynamo', version: '1.6.1' },
] as const satisfies readonly ChartVersion[];

export async function startBareCluster({ kuberay, log = () => {} }: BareClusterOptions): Promise<BareCluster> {
  const binaries = await kubernetesBinaries();
  const real = kuberay === 'real';
  const withCrds = (chart: ChartVersion) =>
    real && chart.runtime === 'kuberay' ? { ...chart, crds: truthFolder('crds', `kuberay-${chart.version}`) } : chart;
  const charts = await startChartRepository(binaries.helm, chartVersions.map(withCrds));
  const plane = await startControlPlane();
  const simulator = await openCluster({ kubeconfig: [plane.kubeconfig], fieldManager: 'sandbox' });
  const failures = createFailures();
  const clock = createClock(Number.POSITIVE_INFINITY);
  const dashboard = await startRayDashboard(clock);
  const letNodesGo = await keepNodes(simulator, [h100(0)]);
  await simulator.create(storageClass);
  const simulation = startSimulation({
    cluster: simulator,
    clock,
    random: createRandom(1),
    failures,
    controllerManager: false,
    operators: real ? ['dynamo'] : ['dynamo', 'kuberay'],
    ray: dashboard.ray,
    log,
  });
  const startOperator = () => startKubeRayOperator(plane, { rayDashboard: dashboard.proxy });
  const pods = [applyCrdsOfDynamo(simulator, log), ...(real ? [runKubeRay(simulator, startOperator, log)] : [])];
  return {
    ...binaries,
    plane,
    charts,
    failures,
    async stop() {
      await Promise.all(pods.map((stop) => stop()));
      letNodesGo();
      simulation.stop();
      clock.stop();
      simulator.close();
      await dashboard.stop();
      await charts.stop();
      await plane.stop();
    },
  };
}
