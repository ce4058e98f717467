import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const prefix = 'kubefoundry-helm-';
/** Milliseconds; no run of helm takes that long. */
const outdated = 3_600_000;

/** What tells of a run on a release (helm-runs.ts). */
export const runFile = 'run.json';

/**
 * A folder for one run of helm, deleted afterwards; of one that failed the run file stays. It holds credentials: only
 * its owner may look into it.
 */
export async function inHelmFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  for (const { folder, changed } of await ownFolders()) {
    if (Date.now() - changed > outdated) await remove(folder);
  }
  const folder = await mkdtemp(join(tmpdir(), prefix));
  try {
    const result = await use(folder);
    await remove(folder);
    return result;
  } catch (error) {
    const names: readonly string[] = await readdir(folder).catch(() => []);
    if (!names.includes(runFile)) await remove(folder);
    for (const name of names) if (name !== runFile) await remove(join(folder, name));
    throw error;
  }
}

/** What cannot be removed is no reason to fail: whatever holds credentials is its owner's alone. */
const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true }).catch(() => {});

/** Folders that were left, also by processes that were killed. What another user puts there is not to be believed. */
export async function ownFolders(): Promise<readonly { readonly folder: string; readonly changed: number }[]> {
  const names = await readdir(tmpdir()).catch(() => []);
  const user = process.geteuid?.();
  const found = names
    .filter((name) => name.startsWith(prefix))
    .map(async (name) => {
      const folder = join(tmpdir(), name);
      const seen = await lstat(folder).catch(() => undefined);
      const isOwn = user === undefined || seen?.uid === user;
      return seen?.isDirectory() && isOwn ? [{ folder, changed: seen.mtimeMs }] : [];
    });
  return (await Promise.all(found)).flat();
}
