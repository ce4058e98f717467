import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.ts';
import { openCluster } from '../cluster/open.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { type ApiServer, startApiServer } from './api/server.ts';
import { createClock } from './clock.ts';
import { startSimulation } from './controllers/start.ts';
import { nameOf } from './controllers/world.ts';
import { createFailures, type FailureKind, type Failures } from './failures.ts';
import { installRelease, type SandboxInstaller, sandboxInstaller } from './installation.ts';
import { createRandom } from './random.ts';
import { node } from './scenarios/nodes.ts';
import type { Act, Mishap, Scenario, ScenarioName } from './scenarios/scenario.ts';
import { scenarios } from './scenarios/scenarios.ts';
import { storageClass } from './scenarios/storage-class.ts';

export interface SandboxOptions {
  /** Default `both`: both runtimes installed, nothing deployed. */
  readonly scenario?: ScenarioName;
  /** How many simulated seconds pass per second, default 1: a model is up in about 30 s. */
  readonly speed?: number;
  /** Of the API server; default any free one. */
  readonly port?: number;
  /** Of the administrator; default a random one. */
  readonly token?: string;
  /** Of generated names; default 1. */
  readonly seed?: number;
  readonly failures?: readonly Mishap[];
  /** Told what the simulators have to say. */
  readonly log?: (line: string) => void;
}

/** A simulated cluster: an embedded Kubernetes API with operators, nodes and pods that behave as real ones do. */
export interface Sandbox {
  readonly api: ApiServer;
  /** For the administrator, as YAML. */
  readonly kubeconfig: string;
  readonly installer: SandboxInstaller;
  /**
   * Makes deployments fail, by a glob on name, `namespace/name` or model, in all of their model pods or so many;
   * the result takes it back.
   */
  fail(match: string, kind: FailureKind, pods?: number): () => void;
  /** Resolves when the simulators have nothing left to do but what repeats for ever. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** The identity under which the simulators work, so that faults and counts can leave them out. */
export const simulatorUser = 'system:kube-sandbox';

/** Starts a cluster, brings the scenario to rest at full speed, then lets time pass at the given one. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { scenario = 'both', speed = 1, port, token, seed = 1, log = () => {} } = options;
  const api = await startApiServer({ port, token, log });
  const clock = createClock(Number.POSITIVE_INFINITY);
  const failures = createFailures();
  const cluster = await openAsSimulator(api);
  const simulation = startSimulation({
    cluster,
    clock,
    random: createRandom(seed),
    failures,
    controllerManager: true,
    log,
  });
  api.setPodBackend(simulation.pods);
  const settled = async () => {
    do await sleep(5);
    while (!(await simulation.isSettled()));
  };
  const stop = async () => {
    simulation.stop();
    clock.stop();
    cluster.close();
    await api.stop();
  };
  try {
    for (const { match, kind, pods } of [...scenarios[scenario].failures, ...(options.failures ?? [])]) {
      failures.fail(match, kind, pods);
    }
    await play(scenarios[scenario], cluster, settled);
    for (const act of scenarios[scenario].later) await carryOut(act, cluster, failures);
    await settled();
  } catch (error) {
    await stop();
    throw error;
  }
  clock.speed = speed;
  api.clearRequests();
  return { api, kubeconfig: api.kubeconfig(), installer: sandboxInstaller, fail: failures.fail, settled, stop };
}

/** The door to our own server, under an identity of the simulators. */
async function openAsSimulator(api: ApiServer): Promise<Cluster> {
  const token = createRandom(Date.now()).hex(48);
  api.addIdentity({ token, user: simulatorUser, groups: ['system:masters'] });
  const folder = await mkdtemp(join(tmpdir(), 'kubefoundry-sandbox-'));
  try {
    const file = join(folder, 'kubeconfig');
    await writeFile(file, api.kubeconfig(token), { mode: 0o600 });
    return await openCluster({ kubeconfig: [file], fieldManager: 'sandbox' });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Makes the scenario's nodes, runtimes and objects, in this order. */
async function play(scenario: Scenario, cluster: Cluster, settled: () => Promise<void>): Promise<void> {
  const version = await cluster.version();
  for (const [index, machine] of scenario.machines.entries()) {
    const object = node(machine, index, version, new Date());
    await cluster.create(object);
    await cluster.patch(nameOf(object), object.metadata, { status: object.status }, { subresource: 'status' });
  }
  await cluster.create(storageClass);
  for (const release of scenario.releases) await installRelease(cluster, release, new AbortController().signal);
  await settled();
  for (const object of scenario.objects) await cluster.apply(object, { fieldManager: makerOf(object) });
  await settled();
}

/** What is labelled as ours was applied by us, so that we can change it. */
const makerOf = ({ metadata }: KubernetesObject): string =>
  metadata.labels?.['app.kubernetes.io/managed-by'] === 'kubefoundry' ? 'kubefoundry' : 'kubectl';

async function carryOut(act: Act, cluster: Cluster, failures: Failures): Promise<void> {
  switch (act.do) {
    case 'fail':
      failures.fail(act.mishap.match, act.mishap.kind, act.mishap.pods);
      return;
    case 'apply':
      await cluster.apply(act.object, { fieldManager: makerOf(act.object), force: true });
      return;
    case 'delete':
      await cluster.delete(nameOf(act.object), act.object.metadata);
  }
}
