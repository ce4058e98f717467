import { type ErrorCode, FoundryError } from '../errors.ts';
import { callTool } from '../tools/call.ts';
import type { Progress, Tool } from '../tools/tool.ts';
import { adviceAsCommands, asCommands } from './as-commands.ts';
import { terminalAsk } from './ask.ts';
import { exitCodeOf, exitCodes, printFailure } from './failure.ts';
import { withFlag } from './field-names.ts';
import type { GlobalOptions, OutputFormat } from './options.ts';
import type { Parts } from './parts.ts';
import { render } from './render.ts';

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
    const worded = (text: string) => asCommands(text, tool, options.context);
    if (!result.ok) {
      const { aborted } = abort.signal;
      const code = printFailure(forTerminal(result.error, worded, aborted ? {} : typedHints), options.debug);
      return aborted ? exitCodes.interrupted : code;
    }
    const { data, text } = result;
    const answer = { data: () => adviceAsCommands(data, tool, options.context), text: () => worded(text) };
    console.log(render(answer, options.output));
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

type Hints = Readonly<Partial<Record<ErrorCode, string>>>;

/** Hints that are other ones for a person at a terminal than for an assistant. */
const typedHints: Hints = {
  CONFIRMATION_REQUIRED: 'Run it on a terminal, or again with --yes.',
  DECLINED: 'Nothing was changed. Run it again to be asked again, or with --yes not to be.',
};

/** The same failure with a hint that a person can type. What is wrong with the input begins with its field. */
const forTerminal = (error: FoundryError, worded: (text: string) => string, hints: Hints): FoundryError => {
  const { code, message, hint, details, cause } = error;
  const said = exitCodeOf(code) === exitCodes.wrongInput ? withFlag(message) : message;
  return new FoundryError(code, said, hints[code] ?? worded(hint), details, { cause });
};
