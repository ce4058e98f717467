import { type Command, Option } from 'commander';
import { callTool } from '../tools/call.ts';
import { getRuntimesStatus } from '../tools/get-runtimes-status.ts';
import { listDeployments } from '../tools/list-deployments.ts';
import { adviceAsCommands, asCommands } from './as-commands.ts';
import { exitCodes } from './failure.ts';
import { addGlobalOptions, type GlobalOptions, globalOptionsOf } from './options.ts';
import type { Parts } from './parts.ts';
import { render } from './render.ts';
import { printToolFailure } from './tool-failure.ts';

const themeChoices = ['dark', 'light', 'contrast', 'plain', 'ascii'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

/** Whether a dashboard can be shown here. */
export const hasTerminal = (): boolean =>
  process.stdin.isTTY === true && process.stdout.isTTY === true && process.env.TERM !== 'dumb';

/** `kubefoundry tui`: the dashboard; without a terminal what it would show, once. */
export function addTuiCommand(program: Command, parts: Parts, finish: (exitCode: number) => void): void {
  const command = addGlobalOptions(
    program
      .command('tui')
      .summary('the dashboard; also without any command')
      .description(
        'Shows runtimes and deployments live in a terminal, with logs and metrics, and deploys, edits, scales, restarts, diagnoses, deletes and installs from there. Without a terminal it prints what there is, once.',
      )
      .addOption(new Option('--once', 'print what there is and end'))
      .addOption(new Option('--theme <name>', 'default: fits the terminal').choices(themeChoices)),
  );
  command.action(async () => {
    const options = globalOptionsOf(command);
    const { once, theme } = command.opts<{ once?: boolean; theme?: ThemeChoice }>();
    const isShown = once !== true && hasTerminal();
    finish(isShown ? await parts.openDashboard(options, { theme }) : await printSnapshot(options, parts));
  });
}

/** No deployments beyond these are printed; the text says how many there are. */
const printed = 500;

/** The runtimes and the deployments of one moment. */
async function printSnapshot(options: GlobalOptions, parts: Parts): Promise<number> {
  const { signal } = new AbortController();
  const { foundry, close } = await parts.assemble(options);
  const context = { foundry, caller: 'cli', progress: () => {} };
  const calling = { context, signal, ask: async () => 'unavailable' as const, wide: true };
  try {
    const runtimes = await callTool(getRuntimesStatus, {}, calling);
    if (!runtimes.ok) return printToolFailure(runtimes.error, getRuntimesStatus, { options });
    const deployments = await callTool(listDeployments, { limit: printed }, calling);
    if (!deployments.ok) return printToolFailure(deployments.error, listDeployments, { options });
    const data = () => ({
      runtimes: adviceAsCommands(runtimes.data, getRuntimesStatus, options),
      deployments: adviceAsCommands(deployments.data, listDeployments, options),
    });
    const text = () =>
      [
        asCommands(runtimes.text, getRuntimesStatus, options),
        asCommands(deployments.text, listDeployments, options),
      ].join('\n\n');
    console.log(render({ data, text }, options.output));
    return exitCodes.done;
  } finally {
    await close();
  }
}
