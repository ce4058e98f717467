import type { Command } from 'commander';
import { FoundryError } from '../errors.ts';
import { followLogs, type LogListener } from '../foundry/log-following.ts';
import type { FollowedLine } from '../foundry/log-reading.ts';
import { toldFailure } from '../tools/call.ts';
import { getDeploymentLogs, secondsOf } from '../tools/get-deployment-logs.ts';
import { parseInput } from '../tools/parse-input.ts';
import type { Tool } from '../tools/tool.ts';
import { asCommands } from './as-commands.ts';
import { exitCodes } from './failure.ts';
import type { GlobalOptions, OutputFormat } from './options.ts';
import type { Parts } from './parts.ts';
import { printToolFailure } from './tool-failure.ts';

/** Adds `--follow` where a tool's answer can be followed: what has no end is no tool. */
export function addFollow(command: Command, tool: Tool): void {
  if (tool.name === getDeploymentLogs.name) command.option('-f, --follow', 'until Ctrl-C; new pods join');
}

export const asksToFollow = (command: Command): boolean => command.opts().follow === true;

/** Prints lines as they are written, until Ctrl-C or until the deployment is gone; what happens to pods goes to stderr. */
export async function printFollowedLogs(raw: object, options: GlobalOptions, parts: Parts): Promise<number> {
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
  const { foundry, close } = await parts.assemble(options);
  try {
    const input = await parseInput(getDeploymentLogs, raw, foundry, abort.signal);
    const { context, role, pod, previous, since, tail = 20, match, ...ref } = input;
    if (previous)
      throw new FoundryError(
        'INPUT_INVALID',
        'What ran before cannot be followed.',
        'Leave out --follow or --previous.',
      );
    const sinceSeconds = since === undefined ? undefined : secondsOf(since);
    const site = await foundry.site(context);
    const listener: LogListener = {
      lines: (lines) => console.log(lines.map((line) => lineFor(line, options.output)).join('\n')),
      note: (sentence) => console.error(asCommands(sentence, getDeploymentLogs, options)),
    };
    await followLogs(site, ref, { role, pod, tail, sinceSeconds, match }, listener, abort.signal);
    return exitCodes.done;
  } catch (error) {
    if (abort.signal.aborted) return exitCodes.interrupted;
    if (!(error instanceof FoundryError)) throw error;
    return printToolFailure(await toldFailure(error, undefined, foundry), getDeploymentLogs, { options });
  } finally {
    await close();
  }
}

const lineFor = ({ pod, role, stamp, text }: FollowedLine, format: OutputFormat): string =>
  format === 'text' ? `${pod} ${text}` : JSON.stringify({ time: stamp, pod, role, text });
