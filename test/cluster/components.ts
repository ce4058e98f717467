import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const shownLines = 20;

/** What the `control-plane` binary can be started as. */
type ComponentName = 'etcd' | 'kube-apiserver' | 'kube-controller-manager';

interface Component {
  failure(): string | undefined;
  kill(): Promise<void>;
}

/** The processes of one control plane. */
export interface Components {
  /** Starts a component, which appends its output to `<name>.log`. */
  start(name: ComponentName, flags: readonly string[]): void;
  /** Kills a component, which is enough for data that is thrown away; resolves when it is gone. */
  kill(name: ComponentName): Promise<void>;
  /** Kills them all: the signals are sent before this returns. */
  killAll(): Promise<void>;
  /** Why a component ended unasked, with the tail of its log; undefined while all run. */
  failure(): string | undefined;
}

/**
 * Runs components of `binary` with their logs in the folder `logs` of `directory`. When this process ends before they
 * do, in whatever way, they end too and `directory` is removed.
 */
export function createComponents(binary: string, directory: string): Components {
  mkdirSync(join(directory, 'logs'), { recursive: true });
  const running = new Map<ComponentName, Component>();
  const kill = async (name: ComponentName) => {
    const component = running.get(name);
    running.delete(name);
    await component?.kill();
  };
  return {
    start: (name, flags) => void running.set(name, startComponent(binary, directory, name, flags)),
    kill,
    killAll: async () => void (await Promise.all([...running.keys()].map(kill))),
    failure: () => [...running.values()].map((component) => component.failure()).find(Boolean),
  };
}

function startComponent(binary: string, directory: string, name: ComponentName, flags: readonly string[]): Component {
  const logFile = join(directory, 'logs', `${name}.log`);
  const log = openSync(logFile, 'a');
  const child = spawn(binary, [name, ...flags], {
    // Our own environment stays out: etcd reads ETCD_* from it, and webhooks would be sent through a proxy.
    env: { CONTROL_PLANE_DIRECTORY: directory },
    // The binary ends when its standard input does, so this pipe ties it to our life.
    stdio: ['pipe', log, log],
  });
  closeSync(log);

  let end: string | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      end = `could not be started: ${error.message}`;
      resolve();
    });
    child.once('exit', (code, signal) => {
      end = `ended by itself with ${signal ?? `code ${code}`}`;
      resolve();
    });
  });

  return {
    failure: () => end && `${name} ${end}. The end of its log:\n${tail(logFile)}`,
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-shownLines).join('\n');
}
