import { type ChildProcess, spawn } from 'node:child_process';
import { inject } from 'vitest';

/** How the bundled program is started. */
export const program = { command: process.execPath, args: [inject('program')] } as const;

/** A model hub that nobody has started: tests ask nothing of the network. */
export const noHub = 'http://127.0.0.1:9';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  /** Replaces the environment, but for what a process needs to start. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Running {
  readonly process: ChildProcess;
  /** Resolves with what was printed so far, once it matches. */
  printed(pattern: RegExp): Promise<string>;
  readonly ended: Promise<Ended>;
}

/** Starts the program; stdin stays open until the caller ends it. */
export const start = (args: readonly string[], options?: ProgramOptions): Running =>
  startNode([...program.args, ...args], options);

/** Starts any script with its arguments, just so. */
export function startNode(args: readonly string[], options: ProgramOptions = {}): Running {
  const child = spawn(program.command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: '/nonexistent', HF_ENDPOINT: noHub, ...options.env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  return {
    process: child,
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (pattern.test(stdout)) resolve(stdout);
        };
        child.stdout.on('data', look);
        ended.then(() => reject(new Error(`ended without ${pattern}: ${stdout}${stderr}`)), reject);
        look();
      }),
  };
}

/** Runs a command to its end, with nothing on stdin. */
export async function run(args: readonly string[], options?: ProgramOptions): Promise<Ended> {
  const running = start(args, options);
  running.process.stdin?.end();
  return running.ended;
}
