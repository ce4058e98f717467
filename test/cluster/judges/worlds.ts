import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster } from '../../../src/cluster/open.ts';
import { createClock } from '../../../src/sandbox/clock.ts';
import { startSimulation } from '../../../src/sandbox/controllers/start.ts';
import { createFailures } from '../../../src/sandbox/failures.ts';
import { createRandom } from '../../../src/sandbox/random.ts';
import { startSandbox } from '../../../src/sandbox/sandbox.ts';
import { scenarios } from '../../../src/sandbox/scenarios/scenarios.ts';
import { startControlPlane } from '../control-plane.ts';
import { keepNodes } from '../nodes.ts';
import { waitUntil } from '../wait.ts';

/** A cluster that programs are run on. */
export type Side = 'sandbox' | 'real';

/** The sandbox and a real control plane with the same nodes and nothing else: paths of the administrator's kubeconfigs. */
export interface Worlds extends Readonly<Record<Side, string>> {
  /** A folder for files and for the homes of programs. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** Starts both; nodes, pods and the scheduler of the real control plane are the sandbox's simulators. */
export async function startWorlds(): Promise<Worlds> {
  const folder = await mkdtemp(join(tmpdir(), 'judges-'));
  const stops: (() => unknown)[] = [() => rm(folder, { recursive: true })];
  const stop = async () => {
    for (const end of stops.reverse()) await end();
  };
  try {
    const sandbox = await startSandbox({ scenario: 'empty', speed: Number.POSITIVE_INFINITY });
    stops.push(sandbox.stop);
    const kubeconfig = join(folder, 'sandbox.yaml');
    await writeFile(kubeconfig, sandbox.kubeconfig, { mode: 0o600 });

    const plane = await startControlPlane();
    stops.push(plane.stop);
    const simulator = await openCluster({ kubeconfig: [plane.kubeconfig], fieldManager: 'sandbox' });
    stops.push(() => simulator.close(), await keepNodes(simulator, scenarios.empty.machines));
    const clock = createClock(Number.POSITIVE_INFINITY);
    const simulation = startSimulation({
      cluster: simulator,
      clock,
      random: createRandom(1),
      failures: createFailures(),
      controllerManager: false,
      log: () => {},
    });
    stops.push(clock.stop, simulation.stop);
    await waitUntil('the nodes to be registered', 30, async () => {
      const events = await simulator.list({ group: '', kind: 'Event' });
      const registered = events.filter((event) => event.reason === 'RegisteredNode');
      return registered.length === scenarios.empty.machines.length;
    });
    return { sandbox: kubeconfig, real: plane.kubeconfig, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
