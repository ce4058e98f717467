import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const sources = import.meta.dirname;
const progressEverySeconds = 30;
const shownLines = 20;

let building: Promise<string> | undefined;

/**
 * Path of the `control-plane` binary, which is built when the cache has none for these Go sources and this machine.
 * A cold build takes 4 to 15 minutes and tells of itself on standard error; a cached one costs nothing.
 * Processes that build at the same time each do the work, and none sees a half-written file.
 *
 * @throws Error that names the next step when `go` is missing, or with the compiler's last lines when the build fails
 */
export function buildControlPlane(): Promise<string> {
  building ??= findOrBuild().finally(() => {
    building = undefined;
  });
  return building;
}

async function findOrBuild(): Promise<string> {
  const flags = await buildFlags();
  const directory = join(cacheDirectory(), await sourceHash(flags));
  const binary = join(directory, 'control-plane');
  if (existsSync(binary)) return binary;

  await mkdir(directory, { recursive: true });
  const unfinished = `${binary}.${process.pid}`;
  try {
    await build(flags, unfinished);
    await rename(unfinished, binary);
  } finally {
    await rm(unfinished, { force: true });
  }
  return binary;
}

function cacheDirectory(): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'kubefoundry', 'control-plane');
}

async function sourceHash(flags: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update([process.platform, process.arch, ...flags].join('\n'));
  const files = (await readdir(sources)).filter((file) => /\.(go|mod|sum)$/.test(file)).sort();
  for (const file of files) hash.update(`\n${file}\n`).update(await readFile(join(sources, file)));
  return hash.digest('hex').slice(0, 16);
}

/** The version is a linker setting, as in Kubernetes' own build scripts: without it `/version` says v0.0.0. */
async function buildFlags(): Promise<string[]> {
  const required = /\tk8s\.io\/kubernetes (v(\d+)\.(\d+)\.\S+)/.exec(await readFile(join(sources, 'go.mod'), 'utf8'));
  if (!required) throw new Error('test/cluster/go.mod requires no k8s.io/kubernetes.');
  const [, version, major, minor] = required;
  const variables = { gitVersion: version, gitMajor: major, gitMinor: minor };
  const settings = Object.entries(variables).map(
    ([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`,
  );
  return ['-buildvcs=false', '-trimpath', '-ldflags', ['-s', '-w', ...settings].join(' ')];
}

async function build(flags: readonly string[], output: string): Promise<void> {
  const start = Date.now();
  const elapsed = () => `${Math.round((Date.now() - start) / 1000)} s`;
  say('building etcd, kube-apiserver and kube-controller-manager from source; the first build takes 4 to 15 minutes');
  const progress = setInterval(() => say(`still building after ${elapsed()}`), progressEverySeconds * 1000);
  try {
    await run(
      spawn('go', ['build', ...flags, '-o', output, '.'], {
        cwd: sources,
        env: { ...process.env, CGO_ENABLED: '0' },
        stdio: ['ignore', 'ignore', 'pipe'],
      }),
    );
  } finally {
    clearInterval(progress);
  }
  say(`built in ${elapsed()}`);
}

function run(go: ChildProcess): Promise<void> {
  let output = '';
  go.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const stop = () => go.kill();
  process.once('exit', stop);
  return new Promise<void>((resolve, reject) => {
    go.once('error', (error) => reject(cannotRun(error)));
    go.once('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(`go build in test/cluster failed:\n${output.trim().split('\n').slice(-shownLines).join('\n')}`),
        );
    });
  }).finally(() => process.removeListener('exit', stop));
}

function cannotRun(error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ENOENT') return error;
  return new Error(
    'The cluster tests build their control plane from source, but there is no `go` on PATH. ' +
      'Install Go 1.25 or later, see that `go version` answers, and run the tests again.',
    { cause: error },
  );
}

function say(line: string): void {
  process.stderr.write(`control plane: ${line}\n`);
}
