import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const progressEverySeconds = 30;
const shownLines = 20;

/** A program that is built from Go modules. */
interface Program {
  /** Of its binary and of its folder in the cache. */
  readonly name: string;
  /** The folder of its Go module. */
  readonly module: string;
  /** What `go build` is to build there. */
  readonly target: '.' | 'tool';
  /** What comes of it and how long that takes, after "building ". */
  readonly announcement: string;
  buildFlags(): Promise<readonly string[]>;
}

const plainFlags = ['-buildvcs=false', '-trimpath', '-ldflags'];

const controlPlane: Program = {
  name: 'control-plane',
  module: import.meta.dirname,
  target: '.',
  announcement: 'etcd, kube-apiserver and kube-controller-manager from source; the first build takes 4 to 15 minutes',
  buildFlags: async () => [...plainFlags, ['-s', '-w', ...(await versionSettings())].join(' ')],
};

/** A module of its own, so that another version of the operator leaves the control plane's cache as it is. */
const kuberayOperator: Program = {
  name: 'kuberay-operator',
  module: join(import.meta.dirname, 'operators'),
  target: 'tool',
  announcement: 'the KubeRay operator from source; the first build takes 1 to 4 minutes',
  buildFlags: async () => [...plainFlags, '-s -w'],
};

const building = new Map<string, Promise<string>>();

/**
 * Path of the `control-plane` binary, which is built when the cache has none for these Go sources and this machine.
 * A cold build takes 4 to 15 minutes and tells of itself on standard error; a cached one costs nothing.
 * Processes that build at the same time each do the work, and none sees a half-written file.
 *
 * @throws Error that names the next step when `go` is missing, or with the compiler's last lines when the build fails
 */
export const buildControlPlane = (): Promise<string> => built(controlPlane);

/** Path of the real KubeRay operator's binary, built and cached just so; a cold build takes 1 to 4 minutes. */
export const buildKubeRayOperator = (): Promise<string> => built(kuberayOperator);

function built(program: Program): Promise<string> {
  const started =
    building.get(program.name) ??
    findOrBuild(program).finally(() => {
      building.delete(program.name);
    });
  building.set(program.name, started);
  return started;
}

async function findOrBuild(program: Program): Promise<string> {
  const flags = await program.buildFlags();
  const directory = join(cacheDirectory(), program.name, await sourceHash(program.module, flags));
  const binary = join(directory, program.name);
  if (existsSync(binary)) return binary;

  await mkdir(directory, { recursive: true });
  const unfinished = `${binary}.${process.pid}`;
  try {
    await build(program, flags, unfinished);
    await rename(unfinished, binary);
  } finally {
    await rm(unfinished, { force: true });
  }
  return binary;
}

function cacheDirectory(): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'kubefoundry');
}

async function sourceHash(module: string, flags: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update([process.platform, process.arch, ...flags].join('\n'));
  const files = (await readdir(module)).filter((file) => /\.(go|mod|sum)$/.test(file)).sort();
  for (const file of files) hash.update(`\n${file}\n`).update(await readFile(join(module, file)));
  return hash.digest('hex').slice(0, 16);
}

/** The version is a linker setting, as in Kubernetes' own build scripts: without it `/version` says v0.0.0. */
async function versionSettings(): Promise<readonly string[]> {
  const goMod = await readFile(join(controlPlane.module, 'go.mod'), 'utf8');
  const required = /\tk8s\.io\/kubernetes (v(\d+)\.(\d+)\.\S+)/.exec(goMod);
  if (!required) throw new Error('test/cluster/go.mod requires no k8s.io/kubernetes.');
  const [, version, major, minor] = required;
  const variables = { gitVersion: version, gitMajor: major, gitMinor: minor };
  return Object.entries(variables).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
}

async function build(program: Program, flags: readonly string[], output: string): Promise<void> {
  const start = Date.now();
  const elapsed = () => `${Math.round((Date.now() - start) / 1000)} s`;
  const say = (line: string) => process.stderr.write(`${program.name}: ${line}\n`);
  const words = ['build', ...flags, '-o', output, program.target];
  say(`building ${program.announcement}`);
  const progress = setInterval(() => say(`still building after ${elapsed()}`), progressEverySeconds * 1000);
  try {
    await run(
      spawn('go', words, {
        cwd: program.module,
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
          new Error(
            `go build for the cluster tests failed:\n${output.trim().split('\n').slice(-shownLines).join('\n')}`,
          ),
        );
    });
  }).finally(() => process.removeListener('exit', stop));
}

function cannotRun(error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ENOENT') return error;
  return new Error(
    'The cluster tests build a control plane and operators from source, but there is no `go` on PATH. ' +
      'Install Go 1.25 or later, see that `go version` answers, and run the tests again.',
    { cause: error },
  );
}
