import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Resident memory in MB: of a process, and of all that it started. */
export async function residentMemory(pid: number): Promise<{ readonly own: number; readonly started: number }> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
  const processes = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([id = 0, parent = 0, kilobytes = 0]) => ({ id, parent, megabytes: kilobytes / 1024 }));
  const startedBy = (parent: number): number =>
    processes
      .filter((one) => one.parent === parent)
      .reduce((sum, { id, megabytes }) => sum + megabytes + startedBy(id), 0);
  return { own: processes.find(({ id }) => id === pid)?.megabytes ?? 0, started: startedBy(pid) };
}
