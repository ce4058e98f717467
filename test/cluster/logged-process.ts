import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

const shownLines = 20;

interface Command {
  /** Said in `failure()`. */
  readonly name: string;
  readonly file: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Its output is appended to this file. */
  readonly logFile: string;
}

/** A process that writes its output to a file. Its standard input is a pipe that closes when this process ends. */
export interface LoggedProcess {
  /** Why it ended unasked, with the tail of its log; undefined while it runs. */
  failure(): string | undefined;
  /** Sends SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Closes its standard input, for one that ends with it; resolves when it is gone. */
  endInput(): Promise<void>;
}

export function startLogged({ name, file, arguments: words, environment, logFile }: Command): LoggedProcess {
  const log = openSync(logFile, 'a');
  // Our own environment stays out: etcd reads ETCD_* from it, and webhooks would be sent through a proxy.
  const child = spawn(file, words, { env: { ...environment }, stdio: ['pipe', log, log] });
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
    endInput: () => {
      child.stdin?.destroy();
      return ended;
    },
  };
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-shownLines).join('\n');
}
