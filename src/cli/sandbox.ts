import type { Command } from 'commander';
import { exitCodes } from './failure.ts';
import { addSandboxOptions, type SandboxOptions, sandboxOptionsOf } from './options.ts';
import type { Parts } from './parts.ts';
import { withPrivateFile } from './private-file.ts';

/** `kubefoundry sandbox`: the simulated cluster alone, for kubectl and for other terminals. */
export function addSandboxCommand(program: Command, parts: Parts): void {
  const command = program
    .command('sandbox')
    .summary('run a simulated cluster and write a kubeconfig for it')
    .description('Runs a simulated cluster on loopback until it is interrupted, and writes a kubeconfig for it.');
  addSandboxOptions(command).action(() => runSandbox(sandboxOptionsOf(command), parts));
}

async function runSandbox(options: SandboxOptions, parts: Parts): Promise<void> {
  const ended = new Promise<undefined>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(undefined));
  });
  const sandbox = await Promise.race([parts.startSandbox(options), ended]);
  // A cluster that is still coming up cannot be stopped in an orderly way, and nothing of it would be left.
  if (sandbox === undefined) process.exit(exitCodes.interrupted);
  try {
    await withPrivateFile('kubeconfig', sandbox.kubeconfig, async (file) => {
      console.log(usage(options.scenario, sandbox.server, file));
      await ended;
    });
  } finally {
    await sandbox.close();
  }
}

const usage = (scenario: string, server: string, file: string): string => `Sandbox "${scenario}" at ${server}
Kubeconfig: ${file}

In another terminal:
  export KUBECONFIG=${file}
  kubefoundry list
  kubectl get --raw /apis

Ctrl-C ends it and removes the kubeconfig.`;
