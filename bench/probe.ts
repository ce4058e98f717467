import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { Command } from './peers.ts';

/** What a probe tells of how it came by its objects. Milliseconds and MB. */
const report = z.object({
  objects: z.int(),
  milliseconds: z.number(),
  /** Resident memory at its highest. */
  peak: z.number(),
  /** For how long nothing else could be done, at the longest. */
  stall: z.number(),
});
export type ProbeReport = z.output<typeof report>;

const probeReport = (line: string): ProbeReport => report.parse(JSON.parse(line));

/** Runs a probe up to its first line, hands that in, and ends the probe when the work is done. */
export async function runProbe(
  { command, args, env }: Command,
  work: (line: ProbeReport) => Promise<void>,
): Promise<void> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: process.env.PATH, ...env } });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, 'line'), ended]);
  if (typeof line !== 'string') throw new Error(`${args.join(' ')} ended without a word`);
  await work(probeReport(line));
  child.stdin.end();
  child.kill();
  await ended;
}
