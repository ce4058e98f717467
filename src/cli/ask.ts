import type { Ask } from '../tools/call.ts';
import { planText } from '../tools/plan-text.ts';

/** Asks on the terminal. With `--yes` everything is approved; without a terminal there is nobody to ask. */
export const terminalAsk =
  (yes: boolean, signal: AbortSignal): Ask =>
  async ({ tool, plan, context }) => {
    if (yes) return 'approved';
    if (!process.stdin.isTTY || !process.stderr.isTTY) return 'unavailable';
    process.stderr.write(`${tool.title} (context ${context})?\n\n${planText(plan)}\n\n`);
    // Only those who are asked need it.
    const { createInterface } = await import('node:readline/promises');
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    // A terminal that reads a line swallows Ctrl-C: it is meant for the whole command.
    terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    try {
      const answer = await terminal.question('Carry it out? [y/N] ', { signal });
      return /^y(es)?$/i.test(answer.trim()) ? 'approved' : 'declined';
    } finally {
      terminal.close();
    }
  };
