import { readFile } from 'node:fs/promises';

/** Memory in MB. */
export interface Memory {
  /** All that is resident: what `top` shows. */
  readonly resident: number;
  /** The part that no file backs; the rest is mostly the program's own code, which processes share. */
  readonly anonymous: number;
}

/** Of a process alone, and of all that it started. Reads /proc, so it needs Linux. */
export async function memoryOf(pid: number): Promise<{ readonly own: Memory; readonly started: Memory }> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const pids = children.split(' ').filter((child) => child !== '');
  const trees = await Promise.all(pids.map((child) => memoryOf(Number(child))));
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const megabytes = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  return {
    own: { resident: megabytes('VmRSS'), anonymous: megabytes('RssAnon') },
    started: trees.flatMap(({ own, started }) => [own, started]).reduce(plus, { resident: 0, anonymous: 0 }),
  };
}

export const plus = (a: Memory, b: Memory): Memory => ({
  resident: a.resident + b.resident,
  anonymous: a.anonymous + b.anonymous,
});
