import { callTool } from '../tools/call.ts';
import type { Progress, Tool } from '../tools/tool.ts';
import { adviceAsCommands, asCommands } from './as-commands.ts';
import { terminalAsk } from './ask.ts';
import { exitCodes } from './failure.ts';
import type { GlobalOptions, OutputFormat } from './options.ts';
import type { Parts } from './parts.ts';
import { render } from './render.ts';
import { printToolFailure } from './tool-failure.ts';
import { remarkOn } from './where.ts';

/** Runs one tool as a command: the result on stdout, progress and failures on stderr. Returns the exit code. */
export async function runTool(tool: Tool, input: object, options: GlobalOptions, parts: Parts): Promise<number> {
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());

  const workshop = await parts.assemble(options);
  try {
    const result = await callTool(tool, input, {
      context: {
        foundry: workshop.foundry,
        caller: `cli ${process.env.USER ?? process.env.USERNAME ?? 'unknown'}`,
        progress: progressLines(options.output),
      },
      signal: abort.signal,
      ask: terminalAsk(options.yes, abort.signal),
      wide: true,
    });
    if (!result.ok) return printToolFailure(result.error, tool, { options, wasStopped: abort.signal.aborted });
    const { data, text } = result;
    const answer = {
      data: () => adviceAsCommands(data, tool, options),
      text: () => asCommands(text, tool, options),
    };
    console.log(render(answer, options.output));
    const remark = remarkOn(text, options, tool);
    if (remark !== undefined) console.error(remark);
    return result.unmet ? exitCodes.failed : exitCodes.done;
  } catch (error) {
    if (abort.signal.aborted) return exitCodes.interrupted;
    throw error;
  } finally {
    await workshop.close();
  }
}

/** A line of stderr for whatever is new. What a program reads as data comes without them, unless a person looks on. */
function progressLines(format: OutputFormat): (progress: Progress) => void {
  let told = '';
  return ({ message }) => {
    if (message === told || (format !== 'text' && !process.stderr.isTTY)) return;
    told = message;
    console.error(message);
  };
}
