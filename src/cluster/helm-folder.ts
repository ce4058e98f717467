import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'kubefoundry-helm-';
/** Milliseconds; no run of helm takes that long. */
const outdated = 3_600_000;

/** A folder for one run of helm, deleted afterwards. It holds credentials: only its owner may look into it. */
export async function inHelmFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  await sweep();
  const folder = await mkdtemp(join(tmpdir(), prefix));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Deletes what a process that was killed could not. */
async function sweep(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names.filter((candidate) => candidate.startsWith(prefix))) {
    const folder = join(tmpdir(), name);
    const age = await stat(folder).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    // Those of other users stay: they are not ours to delete.
    if (age > outdated) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}
