import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { platform } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import process, { kill } from 'node:process';
import { FoundryError } from '../errors.ts';
import { lastWords } from './helm-output.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What helm and credential plugins need of our environment; HELM_* and KUBE* variables would lead it elsewhere. */
const allowed =
  /^(?:PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|SystemRoot|USERPROFILE|APPDATA|LOCALAPPDATA|(?:https?|no|all)_proxy|SSL_CERT_(?:FILE|DIR)|(?:AWS|AZURE|GOOGLE|CLOUDSDK)_\w+)$/i;

const outputLimit = 8 * 1024 * 1024;
/** How long helm may clean up after SIGTERM, in milliseconds. */
export const helmGrace = 5_000;

/** The helm that the user has: the path given, else the first on the PATH; undefined where there is none. */
export async function findHelm(given: string | undefined, environment: Environment): Promise<string | undefined> {
  const folders = (environment.PATH ?? '').split(delimiter).filter(isAbsolute);
  const name = platform() === 'win32' ? 'helm.exe' : 'helm';
  const candidates = given === undefined ? folders.map((folder) => join(folder, name)) : [given];
  for (const candidate of candidates) {
    const runs = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return candidate;
  }
  return undefined;
}

export interface HelmRun {
  readonly helm: string;
  readonly args: readonly string[];
  /** An empty folder of this run alone: helm's homes, so that no plugin, repository or cache of the user's is used. */
  readonly folder: string;
  readonly environment: Environment;
  /** Milliseconds. */
  readonly timeout: number;
  /** Told the process as soon as there is one. */
  readonly started?: (pid: number) => void;
}

/**
 * Runs helm without a shell, in a process group of its own, and gives what it printed.
 *
 * @throws FoundryError HELM_FAILED with the end of helm's own words; the signal's reason when it aborts
 */
export async function runHelm(run: HelmRun, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const { helm, args, folder, environment, timeout, started } = run;
  const inherited = Object.entries(environment).filter(([name]) => allowed.test(name));
  const env = {
    ...Object.fromEntries(inherited),
    HELM_CACHE_HOME: join(folder, 'cache'),
    HELM_CONFIG_HOME: join(folder, 'config'),
    HELM_DATA_HOME: join(folder, 'data'),
    HELM_PLUGINS: join(folder, 'plugins'),
    KUBECONFIG: join(folder, 'kubeconfig'),
  };
  const ended = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
  const child = spawn(helm, args, {
    env,
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    shell: false,
  });
  const signalGroup = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) kill(-child.pid, name);
    } catch {}
  };
  const stop = () => {
    signalGroup('SIGTERM');
    setTimeout(() => signalGroup('SIGKILL'), helmGrace).unref();
  };
  // Whoever ends us in the middle does not leave helm behind, which nobody would watch any more.
  const killed = () => signalGroup('SIGKILL');
  process.once('exit', killed);
  ended.addEventListener('abort', stop, { once: true });
  const output = collect(child.stdout);
  const errors = collect(child.stderr);
  const closed = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, killer) => resolve(code ?? killer));
  })
    .catch((cause: unknown) => {
      throw failed(run, cause instanceof Error ? cause.message : String(cause));
    })
    .finally(() => {
      process.off('exit', killed);
      ended.removeEventListener('abort', stop);
    });
  try {
    if (child.pid !== undefined) started?.(child.pid);
  } catch (cause) {
    // Nobody would know of it.
    signalGroup('SIGKILL');
    await closed.catch(() => {});
    throw failed(run, cause instanceof Error ? cause.message : String(cause));
  }
  const end = await closed;
  signal.throwIfAborted();
  if (ended.aborted) throw failed(run, `no end after ${timeout / 1000} s`);
  if (typeof end === 'string') throw failed(run, `somebody ended it with ${end}. ${errors.text()}`.trim());
  if (end !== 0) throw failed(run, errors.text() || output.text() || `it ended with ${end}`);
  return output.text();
}

/** The end of what a stream says: that is where a program tells why it failed. */
function collect(stream: NodeJS.ReadableStream): { text(): string } {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    while (size > outputLimit) size -= chunks.shift()?.length ?? size;
  });
  return { text: () => Buffer.concat(chunks).toString('utf8').trim() };
}

/** What a program says, so that a sentence of ours may follow it. */
export const asSentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);

function failed({ args: [verb = ''], folder }: HelmRun, words: string): FoundryError {
  // The folder is another one in every run, and gone by now.
  const end = lastWords(words.replaceAll(`${folder}/`, ''));
  return new FoundryError(
    'HELM_FAILED',
    `helm ${verb} failed: ${asSentence(end)}`,
    'Correct what helm says and call again: what is done already is not repeated. planOnly: true shows the commands.',
  );
}
