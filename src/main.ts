#!/usr/bin/env node
import manifest from '../package.json' with { type: 'json' };
import { keepCompiledCode } from './cli/compile-cache.ts';
import { compileLater } from './cli/compilers.ts';
import { holdMemoryAtRest, holdServerWhileListing } from './cli/memory.ts';
import type { GlobalOptions, SandboxOptions } from './cli/options.ts';
import type { Parts, Sandbox, Workshop } from './cli/parts.ts';
import { holdHeapWhileListing } from './cli/small-heap.ts';
import type { ThemeChoice } from './cli/tui.ts';
import type { Cluster, ClusterOptions } from './cluster/cluster.ts';
import type { Foundry } from './foundry/foundry.ts';
import type { Installer } from './foundry/installer.ts';
import type { Hub } from './hub/hub.ts';
import type { Sandbox as RunningSandbox } from './sandbox/sandbox.ts';

const wantedNode = manifest.engines.node.replace('>=', '');

// Everything else is imported once this check has passed: an old Node would fail on its syntax with a stack trace.
if (isOlder(process.versions.node, wantedNode)) {
  console.error(`kubefoundry needs Node.js ${wantedNode} or newer; this is ${process.versions.node}.`);
  process.exitCode = 1;
} else {
  // Before anything is compiled. Whatever else is called so loses little by it.
  if (process.argv.includes('mcp')) compileLater();
  keepCompiledCode();
  // Before there is a schema.
  await import('./cli/interpreted-schemas.ts');
  const { runProgram } = await import('./cli/program.ts');
  const parts: Parts = { version: manifest.version, assemble, serveMcp, openDashboard, startSandbox };
  process.exitCode = await runProgram(process.argv.slice(2), parts);
}

function isOlder(version: string, wanted: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

/** What a foundry works on: the way to a cluster, and who installs runtimes there. */
interface Ground {
  open(context: string | undefined): Promise<Cluster>;
  readonly installer: Installer;
  close(): Promise<void>;
}

/** How live lists are read, where that is not as usual. */
type Reading = Pick<ClusterOptions, 'whileListing'>;

async function assemble(options: GlobalOptions, reading: Reading = {}): Promise<Workshop> {
  const { createFoundry } = await import('./foundry/foundry.ts');
  const ground =
    options.sandbox === undefined
      ? await ownClusters(options, reading)
      : sandboxGround(options, options.sandbox, reading);
  const { open, installer } = ground;
  // For clusters that cannot reach where charts are published; never an argument of a tool.
  const chartRepository = process.env.KUBEFOUNDRY_CHART_REPOSITORY;
  const hub = await hubOf(options);
  const foundry = createFoundry({ open, installer, chartRepository, hub, protect: options.protect });
  return {
    foundry,
    async close() {
      foundry.close();
      await ground.close();
    },
  };
}

/** The public model hub or a mirror of it; on the sandbox none but a mirror that was named, so that trying needs no network. */
async function hubOf({ sandbox }: GlobalOptions): Promise<Hub | undefined> {
  const { HF_ENDPOINT: endpoint, HF_TOKEN: token } = process.env;
  if (sandbox !== undefined && endpoint === undefined) return undefined;
  const { openHub } = await import('./hub/hub.ts');
  return openHub({ endpoint, token });
}

/** The clusters of the user's kubeconfig, and the user's own helm. */
async function ownClusters(options: GlobalOptions, reading: Reading): Promise<Ground> {
  const { kubeconfig, namespaces, readOnly } = options;
  const { createHelmInstaller } = await import('./cluster/helm.ts');
  return {
    async open(context = options.context) {
      const { openCluster } = await import('./cluster/open.ts');
      return openCluster({ kubeconfig, context, namespaces, readOnly, environment: process.env, ...reading });
    },
    installer: createHelmInstaller({ kubeconfig, environment: process.env }),
    close: async () => {},
  };
}

/** Serves until the client ends it. A helm that runs then may clean up; what takes longer is ended. */
async function serveMcp(options: GlobalOptions, { confirmByName }: { confirmByName: boolean }): Promise<void> {
  const { serveOverStdio } = await import('./server/stdio.ts');
  const { foundry, close } = await assemble(options, { whileListing: holdServerWhileListing });
  const setup = {
    version: manifest.version,
    foundry,
    confirmByName,
    readOnly: options.readOnly,
    protects: options.protect.length > 0,
  };
  await serveOverStdio(setup, { debug: options.debug, onRest: holdMemoryAtRest() });
  const { helmGrace } = await import('./cluster/helm-process.ts');
  setTimeout(() => process.exit(0), helmGrace + 1_000).unref();
  await close();
}

/** Shows the dashboard until the user leaves it; a signal ends it as well, and the terminal is given back. */
async function openDashboard(options: GlobalOptions, { theme }: { readonly theme?: ThemeChoice }): Promise<number> {
  const [{ startDashboard }, { themeFor }, { asCommands, commandsIn }] = await Promise.all([
    import('./tui/start.tsx'),
    import('./tui/themes/themes.ts'),
    import('./cli/as-commands.ts'),
  ]);
  const { kubeconfig, sandbox } = options;
  const { foundry, close } = await assemble(options, { whileListing: holdHeapWhileListing });
  const dashboard = startDashboard(
    {
      foundry,
      context: options.context,
      caller: `tui ${process.env.USER ?? process.env.USERNAME ?? 'unknown'}`,
      theme: theme ?? themeFor(process.env),
      version: manifest.version,
      contexts: () => contextChoices(options, foundry),
      asCommands: (text, tool, there) => asCommands(text, tool, { kubeconfig, sandbox, ...there }),
      commandsIn: (text, there) => commandsIn(text, { kubeconfig, sandbox, ...there }),
      isPrivate: sandbox !== undefined,
    },
    process,
    holdMemoryAtRest(),
  );
  let exitCode = 0;
  const numbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
  for (const [signal, number] of Object.entries(numbers)) {
    process.once(signal, () => {
      exitCode = 128 + number;
      dashboard.stop();
    });
  }
  try {
    await dashboard.ended;
  } finally {
    await close();
  }
  return exitCode;
}

async function contextChoices({ kubeconfig, context, sandbox }: GlobalOptions, foundry: Foundry) {
  if (sandbox !== undefined) {
    const { context: name } = await foundry.site(undefined);
    return [{ name, current: true, note: 'a sandbox has but this one context' }];
  }
  const { contexts } = await import('./cluster/context.ts');
  const found = await contexts({ kubeconfig, environment: process.env });
  return found.contexts.map(({ name, server }) => ({
    name,
    server,
    current: name === (context ?? found.current),
  }));
}

/** A simulated cluster inside this process. It starts with the first call that needs a cluster. */
function sandboxGround(options: GlobalOptions, scenario: SandboxOptions['scenario'], reading: Reading): Ground {
  let starting: Promise<RunningSandbox> | undefined;
  const started = () => {
    starting ??= launch({ scenario, speed: options.speed, fail: options.fail });
    return starting;
  };
  return {
    async open(context = options.context) {
      const { kubeconfig } = await started();
      const { openCluster } = await import('./cluster/open.ts');
      const { withPrivateFile } = await import('./cli/private-file.ts');
      const { namespaces, readOnly } = options;
      return withPrivateFile('kubeconfig', kubeconfig, (file) =>
        openCluster({ kubeconfig: [file], context, namespaces, readOnly, ...reading }),
      );
    },
    installer: {
      name: 'sandbox',
      ready: async () => ({ ok: true }),
      carryOut: async (...step) => (await started()).installer.carryOut(...step),
    },
    close: async () => {
      // One that never came up has nothing to stop; the call that wanted it has told why.
      const sandbox = await starting?.catch(() => undefined);
      await sandbox?.stop();
    },
  };
}

async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = await launch(options);
  return { server: sandbox.api.url, kubeconfig: sandbox.kubeconfig, close: sandbox.stop };
}

async function launch({ fail, ...options }: SandboxOptions): Promise<RunningSandbox> {
  const sandbox = await import('./sandbox/sandbox.ts');
  return sandbox.startSandbox({ ...options, failures: fail });
}
