import { Readable, Writable } from 'node:stream';
import { asCommands, commandsIn } from '../../src/cli/as-commands.ts';
import type { Foundry } from '../../src/foundry/foundry.ts';
import { startDashboard } from '../../src/tui/start.tsx';
import { createEmulator, type Emulator } from './emulator.ts';
import { sequenceOf } from './key-sequences.ts';

type Options = Parameters<typeof startDashboard>[0];

export interface ScreenOptions extends Partial<Omit<Options, 'foundry'>> {
  readonly columns?: number;
  readonly rows?: number;
}

/** The dashboard in a terminal that is only in memory, and a person before it. */
export interface Screen extends Emulator {
  /** Presses keys, one after the other: `j`, `enter`, `ctrl+r`. */
  press(...keys: readonly string[]): Promise<void>;
  type(text: string): Promise<void>;
  paste(text: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Everything that was written to the terminal since the start. */
  written(): string;
  /** Whether any cell has a colour of its own. */
  hasColour(): boolean;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Opens the dashboard; stop it before the foundry is closed. */
export function openScreen(foundry: Foundry, options: ScreenOptions = {}): Screen {
  const { columns = 80, rows = 24, ...rest } = options;
  const emulator = createEmulator(columns, rows, { convertEol: true });
  const { terminal } = emulator;
  const output: string[] = [];
  const stdout = Object.assign(
    new Writable({
      decodeStrings: false,
      write(chunk: string | Buffer, _encoding, done) {
        output.push(String(chunk));
        terminal.write(String(chunk), done);
      },
    }),
    { isTTY: true, columns, rows },
  );
  const stdin = Object.assign(new Readable({ read() {} }), {
    isTTY: true,
    setRawMode: () => stdin,
    ref: () => stdin,
    unref: () => stdin,
  });
  const dashboard = startDashboard(
    {
      foundry,
      caller: 'tui eva',
      theme: 'plain',
      version: '0.0.0',
      contexts: async () => [],
      asCommands,
      commandsIn,
      ...rest,
    },
    { stdin, stdout },
  );

  const send = async (sequence: string): Promise<void> => {
    // React gives a screen its keys after it has painted it, sooner than any finger and later than this test.
    await turn();
    stdin.push(sequence);
    await turn();
    await turn();
    await dashboard.flushed();
  };

  return {
    ...emulator,
    async press(...keys) {
      for (const key of keys) await send(sequenceOf(key));
    },
    type: send,
    paste: (pasted) => send(`\u001b[200~${pasted}\u001b[201~`),
    async resize(width, height) {
      terminal.resize(width, height);
      Object.assign(stdout, { columns: width, rows: height });
      stdout.emit('resize');
      await dashboard.flushed();
    },
    written: () => output.join(''),
    hasColour: () => {
      const { active } = terminal.buffer;
      return Array.from({ length: terminal.rows }, (_, row) => active.getLine(active.viewportY + row)).some((row) =>
        Array.from({ length: terminal.cols }, (_, column) => row?.getCell(column)).some(
          (cell) => cell && !(cell.isFgDefault() && cell.isBgDefault()),
        ),
      );
    },
    ended: dashboard.ended,
    async stop() {
      dashboard.stop();
      await dashboard.ended;
      terminal.dispose();
    },
  };
}

/** The stream hands its data on with the next turn of the loop, the dashboard each further key with another. */
const turn = () => new Promise((resolve) => setImmediate(resolve));
