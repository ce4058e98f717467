import { mkdirSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { type LoggedProcess, startLogged } from './logged-process.ts';

const gibibyte = 1024 ** 3;

/**
 * Go collects no rubbish before there are two gibibytes of it: kube-apiserver is most of what these tests cost, and
 * spends a quarter of its time on that otherwise.
 */
const goMemory = { GOGC: 'off', GOMEMLIMIT: `${Math.floor(Math.min(2 * gibibyte, totalmem() / 8))}` };

/** What the `control-plane` binary can be started as. */
type ComponentName = 'etcd' | 'kube-apiserver' | 'kube-controller-manager';

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
 * do, in whatever way, they end too and `directory` is removed: the binary ends when its standard input does.
 */
export function createComponents(binary: string, directory: string): Components {
  const logs = join(directory, 'logs');
  mkdirSync(logs, { recursive: true });
  const running = new Map<ComponentName, LoggedProcess>();
  const start = (name: ComponentName, flags: readonly string[]) =>
    startLogged({
      name,
      file: binary,
      arguments: [name, ...flags],
      environment: { CONTROL_PLANE_DIRECTORY: directory, ...goMemory },
      logFile: join(logs, `${name}.log`),
    });
  const kill = async (name: ComponentName) => {
    const component = running.get(name);
    running.delete(name);
    await component?.kill();
  };
  return {
    start: (name, flags) => void running.set(name, start(name, flags)),
    kill,
    killAll: async () => void (await Promise.all([...running.keys()].map(kill))),
    failure: () => [...running.values()].map((component) => component.failure()).find(Boolean),
  };
}
