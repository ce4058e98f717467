import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EventType } from './server.ts';

/** A process that answers as an API server with many deployments does. */
export interface CannedApi extends AsyncDisposable {
  /** Path of a kubeconfig for it. */
  readonly kubeconfig: string;
  /** TLS connections so far. */
  connections(): Promise<number>;
  /** Milliseconds from the return of a server that was away to the next watch; Infinity when none comes in time. */
  restart(within: number): Promise<number>;
  /** Milliseconds from when watches fall silent to the next watch; Infinity when none comes in time. */
  silence(within: number): Promise<number>;
  /** Sends an event about a Dynamo deployment to those who watch. */
  tell(type: EventType, name: string): void;
}

export async function startCannedApi(deployments: number): Promise<CannedApi> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = fork(main, [String(deployments)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the canned API ended with ${code}`)));
  failed.catch(() => {});
  const heard = (): Promise<unknown> => Promise.race([once(child, 'message').then(([message]) => message), failed]);
  const ask = async (question: string, within: number): Promise<number> => {
    child.send(question);
    const late = new Promise((resolve) => setTimeout(resolve, within, Number.POSITIVE_INFINITY).unref());
    return Number(await Promise.race([heard(), late]));
  };

  const folder = await mkdtemp(join(tmpdir(), 'kubefoundry-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, String(await heard()), { mode: 0o600 });
  return {
    kubeconfig,
    connections: () => ask('connections', 5_000),
    restart: (within) => ask('restart', within),
    silence: (within) => ask('silence', within),
    tell: (type, name) => child.send(`${type} ${name}`),
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
