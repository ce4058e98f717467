import { spawn } from '@lydell/node-pty';
import { createEmulator, type Emulator } from './emulator.ts';

export interface PtyOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds to wait for what is to be seen. */
  readonly patience?: number;
}

/** A program in a real pseudo-terminal, with an emulator that shows what it writes. */
export interface Pty extends Emulator {
  readonly pid: number;
  write(sequence: string): void;
  resize(columns: number, rows: number): void;
  signal(name: NodeJS.Signals): void;
  /** Everything that was written since the start. */
  written(): string;
  /** Its exit code, or the number of the signal that ended it. */
  readonly ended: Promise<{ readonly exitCode: number; readonly signal?: number }>;
}

/** Starts a command in a terminal of its own. `TERM` of the environment names the terminal. */
export function startInTerminal(
  command: readonly [string, ...string[]],
  { columns = 80, rows = 24, env = {}, patience }: PtyOptions = {},
): Pty {
  const [file, ...args] = command;
  const { TERM = 'xterm-256color', ...rest } = env;
  const child = spawn(file, args, {
    name: TERM,
    cols: columns,
    rows,
    env: { PATH: process.env.PATH, HOME: '/nonexistent', LANG: 'C.UTF-8', ...rest },
  });
  const emulator = createEmulator(columns, rows, { patience });
  const output: string[] = [];
  child.onData((text) => {
    output.push(text);
    emulator.terminal.write(text);
  });
  // What terminals answer to questions.
  emulator.terminal.onData((answer) => child.write(answer));
  const ended = new Promise<{ exitCode: number; signal?: number }>((resolve) => {
    child.onExit((how) => emulator.terminal.write('', () => resolve(how)));
  });
  return {
    ...emulator,
    pid: child.pid,
    write: (sequence) => child.write(sequence),
    resize(width, height) {
      emulator.terminal.resize(width, height);
      child.resize(width, height);
    },
    signal: (name) => child.kill(name),
    written: () => output.join(''),
    ended,
  };
}
