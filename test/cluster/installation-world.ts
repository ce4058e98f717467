import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { createHelmInstaller } from '../../src/cluster/helm.ts';
import { openCluster } from '../../src/cluster/open.ts';
import { createFoundry } from '../../src/foundry/foundry.ts';
import { createClock } from '../../src/sandbox/clock.ts';
import { startSimulation } from '../../src/sandbox/controllers/start.ts';
import { dynamoCrds } from '../../src/sandbox/crds/dynamo.ts';
import { createFailures, type Failures } from '../../src/sandbox/failures.ts';
import { operatorIn } from '../../src/sandbox/operators.ts';
import { createRandom } from '../../src/sandbox/random.ts';
import { h100 } from '../../src/sandbox/scenarios/nodes.ts';
import { type Ask, type CallResult, callTool } from '../../src/tools/call.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { kubernetesBinaries } from '../support/kubernetes-binaries.ts';
import { type ChartRepository, startChartRepository } from './chart-repository.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { keepNodes } from './nodes.ts';

/** Somebody with a foundry of their own, as every process has. */
export interface Person {
  readonly said: string[];
  call(
    tool: Tool,
    input: unknown,
    options?: { readonly ask?: Ask; readonly signal?: AbortSignal },
  ): Promise<CallResult>;
  /** Calls a tool that has to work, and gives its data. */
  data<In extends z.ZodObject, Out extends z.ZodObject>(
    tool: Tool<In, Out>,
    input: z.input<In>,
  ): Promise<z.output<Out>>;
}

/** A real control plane, real helm and kubectl, and charts over HTTP. Nodes, pods and operators are simulated. */
export interface InstallationWorld {
  readonly plane: ControlPlane;
  readonly admin: Cluster;
  readonly charts: ChartRepository;
  /** What goes wrong with pods, the operators' among them. */
  readonly failures: Failures;
  readonly kubectl: string;
  /** The environment in which the program finds helm and the charts. */
  readonly environment: Readonly<Record<string, string>>;
  /** With the administrator's rights, or those of another kubeconfig. */
  person(name: string, kubeconfig?: string): Person;
  /** Process id of the helm that was started last. */
  helmProcess(): Promise<number>;
  stop(): Promise<void>;
}

const approve: Ask = async () => 'approved';

export async function startInstallationWorld(): Promise<InstallationWorld> {
  const { helm, kubectl } = await kubernetesBinaries();
  const folder = await mkdtemp(join(tmpdir(), 'installation-world-'));
  const pidFile = join(folder, 'pid');
  await writeFile(join(folder, 'helm'), `#!/bin/sh\necho $$ > ${pidFile}\nexec ${helm} "$@"\n`);
  await chmod(join(folder, 'helm'), 0o755);
  const charts = await startChartRepository(helm, [
    { runtime: 'kuberay', version: '1.6.2' },
    { runtime: 'kuberay', version: '1.7.0' },
    { runtime: 'dynamo', version: '1.5.1' },
    { runtime: 'dynamo', version: '1.6.1' },
  ]);
  const plane = await startControlPlane();
  const admin = await openCluster({ kubeconfig: [plane.kubeconfig], fieldManager: 'kubectl' });
  const simulator = await openCluster({ kubeconfig: [plane.kubeconfig], fieldManager: 'sandbox' });
  const failures = createFailures();
  const clock = createClock(Number.POSITIVE_INFINITY);
  const letNodesGo = await keepNodes(simulator, [h100(0)]);
  const simulation = startSimulation({
    cluster: simulator,
    clock,
    random: createRandom(1),
    failures,
    controllerManager: false,
    log: () => {},
  });
  const initContainer = applyCrdsOfDynamo(simulator);

  // Programs that are killed leave things behind: in this folder.
  const environment = { PATH: `${folder}:${process.env.PATH}`, KUBECONFIG: plane.kubeconfig, TMPDIR: folder };
  const stops: (() => void)[] = [];
  return {
    plane,
    admin,
    charts,
    failures,
    kubectl,
    environment: { ...environment, KUBEFOUNDRY_CHART_REPOSITORY: charts.url },
    helmProcess: async () => Number(await readFile(pidFile, 'utf8')),
    person(name, kubeconfig = plane.kubeconfig) {
      const foundry = createFoundry({
        open: (context) => openCluster({ kubeconfig: [kubeconfig], context }),
        installer: createHelmInstaller({ environment, kubeconfig: [kubeconfig] }),
        chartRepository: charts.url,
        protect: [],
      });
      stops.push(() => foundry.close());
      const said: string[] = [];
      const call: Person['call'] = (tool, input, { ask = approve, signal = new AbortController().signal } = {}) =>
        callTool(tool, input, {
          context: { foundry, caller: `test ${name}`, progress: ({ message }) => said.push(message) },
          signal,
          ask,
        });
      return {
        said,
        call,
        async data(tool, input) {
          const result = await call(tool, input);
          if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message} ${result.error.hint}`);
          return tool.output.parse(result.data);
        },
      };
    },
    async stop() {
      for (const stop of stops) stop();
      initContainer.abort();
      letNodesGo();
      simulation.stop();
      clock.stop();
      simulator.close();
      admin.close();
      await charts.stop();
      await plane.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** What the init container of Dynamo's operator does at every start, before the operator itself. */
function applyCrdsOfDynamo(cluster: Cluster): AbortController {
  const ended = new AbortController();
  const { signal } = ended;
  const applied = new Map<string | undefined, string>();
  const look = async () => {
    for (const deployment of await cluster.list({ group: 'apps', kind: 'Deployment' }, { signal })) {
      const operator = operatorIn(deployment);
      const { uid } = deployment.metadata;
      if (operator?.runtime !== 'dynamo' || applied.get(uid) === operator.version) continue;
      for (const crd of dynamoCrds(operator.version)) {
        await cluster.apply(crd, { force: true, fieldManager: 'crd-apply', signal });
      }
      applied.set(uid, operator.version);
    }
    await sleep(200, undefined, { signal });
  };
  const run = async () => {
    while (!signal.aborted) await look().catch(() => sleep(200));
  };
  run().catch(() => {});
  return ended;
}
