import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as z from 'zod';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { createHelmInstaller } from '../../src/cluster/helm.ts';
import { openCluster } from '../../src/cluster/open.ts';
import { createFoundry } from '../../src/foundry/foundry.ts';
import type { Failures } from '../../src/sandbox/failures.ts';
import { type Ask, type CallResult, callTool } from '../../src/tools/call.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { startBareCluster } from './bare-cluster.ts';
import type { ChartRepository } from './chart-repository.ts';
import type { ControlPlane } from './control-plane.ts';

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
  const bare = await startBareCluster({ kuberay: 'simulated' });
  const { plane, charts, failures, helm, kubectl } = bare;
  const folder = await mkdtemp(join(tmpdir(), 'installation-world-'));
  const pidFile = join(folder, 'pid');
  await writeFile(join(folder, 'helm'), `#!/bin/sh\necho $$ > ${pidFile}\nexec ${helm} "$@"\n`);
  await chmod(join(folder, 'helm'), 0o755);
  const admin = await openCluster({ kubeconfig: [plane.kubeconfig], fieldManager: 'kubectl' });

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
      admin.close();
      await bare.stop();
      await rm(folder, { recursive: true });
    },
  };
}
