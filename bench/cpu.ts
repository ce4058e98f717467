import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the kernel counts in, on every Linux that is in use. */
const ticksPerSecond = 100;

/** Percent of a core that a process takes within so many milliseconds. Reads /proc, so it needs Linux. */
export async function cpuOf(pid: number, milliseconds: number): Promise<number> {
  const before = await secondsOf(pid);
  const began = performance.now();
  await sleep(milliseconds);
  return (((await secondsOf(pid)) - before) * 1e5) / (performance.now() - began);
}

/** CPU time so far, in user mode and in the kernel. */
async function secondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
