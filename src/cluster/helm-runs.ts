import { readlinkSync, rmSync, writeFileSync } from 'node:fs';
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

/** Processes are told apart on one machine only, and in one container of it. */
const host = `${hostname()} ${processNamespace()}`;

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

const run = z.object({
  host: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  release: z.string(),
  begun: z.iso.datetime(),
  /** Where it failed; left out while it runs, and where whoever started it was killed. */
  ended: z.iso.datetime().optional(),
  /** Of helm. */
  pid: z.int().min(2),
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
  const write = (content: z.output<typeof run>) => writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
  let running: z.output<typeof run> | undefined;
  try {
    return await start((pid) => {
      running = { host, ...work, begun, pid, parent };
      write(running);
    });
  } catch (error) {
    try {
      if (running) write({ ...running, ended: new Date().toISOString() });
    } catch {
      // Without it the run counts as one whose helm may live, which its process denies.
    }
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
    .filter((known) => known.host === host && known.cluster === cluster)
    .filter((known) => known.namespace === namespace && known.release === release);
}
