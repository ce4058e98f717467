import type { Cluster } from '../../cluster/cluster.ts';
import type { PodBackend } from '../api/server.ts';
import type { Clock } from '../clock.ts';
import { createPodBackend } from '../containers/backend.ts';
import { createRayServe, type RayServe } from '../containers/ray-serve.ts';
import type { Failures } from '../failures.ts';
import type { Runtime } from '../operators.ts';
import type { Random } from '../random.ts';
import { type Controller, startController } from './controller.ts';
import { deploymentController } from './deployment.ts';
import { endpointSliceController } from './endpoint-slice.ts';
import { kubelet } from './kubelet.ts';
import { operatorProcesses } from './operator-processes.ts';
import { rayRuntime } from './ray-runtime.ts';
import { replicaSetController } from './replica-set.ts';
import { scheduler } from './scheduler.ts';
import { wishFor } from './wishes.ts';
import { createWorld } from './world.ts';

export interface SimulationOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly random: Random;
  readonly failures: Failures;
  /**
   * Whether to play kube-controller-manager too (Deployments, ReplicaSets, EndpointSlices); false on a real control
   * plane, which has its own.
   */
  readonly controllerManager: boolean;
  /** Whose operators to play where they are installed; others are real, or nobody acts for them. Default: every runtime's. */
  readonly operators?: readonly Runtime[];
  /** What runs inside the Ray clusters. Default: every model loads by itself. */
  readonly ray?: RayServe;
  readonly log: (line: string) => void;
}

/** Running simulators: scheduler, kubelets and the operators that are installed. */
export interface Simulation {
  /** Answers for the logs and ports of the simulated pods. */
  readonly pods: PodBackend;
  /** Whether they know everything and have nothing left to do but what repeats for ever. */
  isSettled(): Promise<boolean>;
  stop(): void;
}

/** Starts the operators alone, as a process beside the cluster runs them; it ends with the result. */
export function startOperators({
  cluster,
  clock,
  random,
  failures,
  operators,
  ray = createRayServe(clock),
  log,
}: Required<Pick<SimulationOptions, 'operators'>> & Omit<SimulationOptions, 'controllerManager'>): () => void {
  const world = createWorld({ cluster, clock, random, failures });
  const processes = operatorProcesses(world, operators, ray, log);
  const running = startController(processes.controller, world, log);
  return () => {
    processes.stop();
    running.stop();
  };
}

/** Starts the simulators as ordinary clients of a cluster, embedded or real. */
export function startSimulation({
  cluster,
  clock,
  random,
  failures,
  controllerManager,
  operators: played = ['dynamo', 'kuberay'],
  ray = createRayServe(clock),
  log,
}: SimulationOptions): Simulation {
  const world = createWorld({ cluster, clock, random, failures });
  const operators = operatorProcesses(world, played, ray, log);
  const controllers: readonly Controller[] = [
    ...(controllerManager
      ? [deploymentController(world), replicaSetController(world), endpointSliceController(world)]
      : []),
    scheduler(world),
    kubelet(world, ray),
    rayRuntime(world, ray),
    operators.controller,
  ];
  const running = controllers.map((controller) => startController(controller, world, log));
  const busy = () => running.some((each) => each.busy) || operators.busy() || clock.waiting > 0;
  return {
    pods: createPodBackend({
      clock,
      ray,
      failure: (pod) => wishFor(world, pod),
      pods: (namespace) => world.cache({ group: '', kind: 'Pod' }).list(namespace),
    }),
    isSettled: async () => !busy() && (await world.isCurrent()) && !busy(),
    stop() {
      operators.stop();
      for (const each of running) each.stop();
    },
  };
}
