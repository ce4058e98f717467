import { rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import * as z from 'zod';
import { ownFolders, runFile } from './helm-folder.ts';
import { jsonOrNothing } from './helm-output.ts';

/** The release that a run of helm works on. */
export interface Work {
  /** Which cluster, however it is reached. */
  readonly cluster: string;
  readonly namespace: string;
  readonly release: string;
}

const run = z.object({
  /** Processes are told apart on one machine only. */
  host: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  release: z.string(),
  begun: z.iso.datetime(),
  /** Of helm; `null` once it has ended. */
  pid: z.int().positive().nullable(),
  /** Of the KubeFoundry that started it. */
  parent: z.int().positive(),
});

/** A run of helm that did not end well, or not yet: its folder tells of it, whoever was killed. */
export type KnownRun = z.output<typeof run> & { readonly folder: string };

/** What helm says where somebody else was faster: then the revision that is pending is not its own. */
const outrun = /another operation|already exists/;

/** Has a run of helm leave word in its folder of what it works on, also that it has ended, unless it ends well. */
export async function recorded<Result>(
  folder: string,
  work: Work,
  start: (started: (pid: number) => void) => Promise<Result>,
): Promise<Result> {
  const { pid: parent } = process;
  const file = join(folder, runFile);
  const begun = new Date().toISOString();
  // At once: whoever kills us may do so in the next moment.
  const write = (pid: number | null) => {
    const content: z.output<typeof run> = { host: hostname(), ...work, begun, pid, parent };
    writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
  };
  let started = false;
  try {
    return await start((pid) => {
      started = true;
      write(pid);
    });
  } catch (error) {
    if (started) write(null);
    if (error instanceof Error && outrun.test(error.message)) rmSync(file, { force: true });
    throw error;
  }
}

/** The runs of this machine and user on that release. */
export async function runsOn({ cluster, namespace, release }: Work): Promise<readonly KnownRun[]> {
  const found = (await ownFolders()).map(async ({ folder }) => {
    const text = await readFile(join(folder, runFile), 'utf8').catch(() => '');
    const read = run.safeParse(jsonOrNothing(text));
    return read.success ? [{ ...read.data, folder }] : [];
  });
  return (await Promise.all(found))
    .flat()
    .filter((known) => known.host === hostname() && known.cluster === cluster)
    .filter((known) => known.namespace === namespace && known.release === release);
}
