import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as z from 'zod';
import { openCluster } from '../../src/cluster/open.ts';
import { createFoundry, type Foundry } from '../../src/foundry/foundry.ts';
import type { Hub } from '../../src/hub/hub.ts';
import { type Sandbox, type SandboxOptions, simulatorUser, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type Ask, type CallResult, callTool } from '../../src/tools/call.ts';
import type { Progress, Tool } from '../../src/tools/tool.ts';

/** The sandbox with a foundry before it, as a front end has it. */
export interface Workbench {
  readonly sandbox: Sandbox;
  readonly foundry: Foundry;
  readonly progress: Progress[];
  /** Calls as a front end does. */
  call(
    tool: Tool,
    input: unknown,
    options?: { readonly signal?: AbortSignal; readonly ask?: Ask; readonly wide?: boolean },
  ): Promise<CallResult>;
  /** Calls a tool that has to work, and gives its data. */
  data<In extends z.ZodObject, Out extends z.ZodObject>(
    tool: Tool<In, Out>,
    input: z.input<In>,
  ): Promise<z.output<Out>>;
  /** Our requests since the last clearing; the simulators' own are left out. */
  requests(): Sandbox['api']['requests'];
  stop(): Promise<void>;
}

const approve: Ask = async () => 'approved';

export interface WorkbenchOptions extends SandboxOptions {
  /** Default none: the catalogue alone. */
  readonly hub?: Hub;
}

export async function startWorkbench({ hub, ...options }: WorkbenchOptions = {}): Promise<Workbench> {
  const sandbox = await startSandbox({ speed: 50, ...options });
  const folder = await mkdtemp(join(tmpdir(), 'kubefoundry-workbench-'));
  const file = join(folder, 'kubeconfig');
  await writeFile(file, sandbox.kubeconfig, { mode: 0o600 });
  const foundry = createFoundry({
    open: (context) => openCluster({ kubeconfig: [file], context }),
    installer: sandbox.installer,
    hub,
    protect: [],
  });
  const progress: Progress[] = [];
  const call: Workbench['call'] = (tool, input, { signal = new AbortController().signal, ask = approve, wide } = {}) =>
    callTool(tool, input, {
      context: { foundry, caller: 'test eva', progress: (told) => progress.push(told) },
      signal,
      ask,
      wide,
    });
  return {
    sandbox,
    foundry,
    progress,
    call,
    async data(tool, input) {
      const result = await call(tool, input);
      if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
      return tool.output.parse(result.data);
    },
    requests: () => sandbox.api.requests.filter(({ user }) => user !== simulatorUser),
    async stop() {
      foundry.close();
      await sandbox.stop();
      await rm(folder, { recursive: true });
    },
  };
}
