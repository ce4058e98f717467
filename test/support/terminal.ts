import { Readable, Writable } from 'node:stream';
import xterm from '@xterm/headless';
import { expect, vi } from 'vitest';
import type { Foundry } from '../../src/foundry/foundry.ts';
import { startDashboard } from '../../src/tui/start.tsx';

type Options = Parameters<typeof startDashboard>[0];

export interface ScreenOptions extends Partial<Omit<Options, 'foundry'>> {
  readonly columns?: number;
  readonly rows?: number;
}

/** The dashboard in a terminal that is only in memory, and a person before it. */
export interface Screen {
  /** What is seen, one string per row, without spaces at the ends. */
  rows(): readonly string[];
  text(): string;
  /** Presses keys, one after the other: `j`, `enter`, `ctrl+r`. */
  press(...keys: readonly string[]): Promise<void>;
  type(text: string): Promise<void>;
  paste(text: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Waits until the text is seen. */
  sees(text: string | RegExp): Promise<void>;
  seesNot(text: string | RegExp): Promise<void>;
  /** The row in which the text stands. */
  rowWith(text: string): string;
  /** Everything that was written to the terminal since the start. */
  written(): string;
  /** Whether any cell has a colour of its own. */
  hasColour(): boolean;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const sequences: Readonly<Record<string, string>> = {
  enter: '\r',
  escape: '\u001b',
  tab: '\t',
  'shift+tab': '\u001b[Z',
  space: ' ',
  backspace: '\u007f',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  home: '\u001b[H',
  end: '\u001b[F',
  pageup: '\u001b[5~',
  pagedown: '\u001b[6~',
};

const sequenceOf = (key: string): string =>
  sequences[key] ?? key.replace(/^ctrl\+(.)$/, (_, letter: string) => String.fromCharCode(letter.charCodeAt(0) - 96));

/** Opens the dashboard; stop it before the foundry is closed. */
export function openScreen(foundry: Foundry, options: ScreenOptions = {}): Screen {
  const { columns = 80, rows = 24, ...rest } = options;
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  const output: string[] = [];
  const stdout = Object.assign(
    new Writable({
      decodeStrings: false,
      write(chunk: string | Buffer, _encoding, done) {
        output.push(String(chunk));
        emulator.write(String(chunk), done);
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
    { foundry, caller: 'tui eva', theme: 'plain', version: '0.0.0', contexts: async () => [], ...rest },
    { stdin, stdout },
  );

  const readRows = (): readonly string[] => {
    const { active } = emulator.buffer;
    return Array.from({ length: emulator.rows }, (_, row) =>
      (active.getLine(active.viewportY + row)?.translateToString(true, 0, emulator.cols) ?? '').trimEnd(),
    );
  };
  const text = () => readRows().join('\n');
  const send = async (sequence: string): Promise<void> => {
    stdin.push(sequence);
    await turn();
    await turn();
    await dashboard.flushed();
  };
  const matches = (wanted: string | RegExp): boolean =>
    typeof wanted === 'string' ? text().includes(wanted) : wanted.test(text());

  return {
    rows: readRows,
    text,
    async press(...keys) {
      for (const key of keys) await send(sequenceOf(key));
    },
    type: send,
    paste: (pasted) => send(`\u001b[200~${pasted}\u001b[201~`),
    async resize(width, height) {
      emulator.resize(width, height);
      Object.assign(stdout, { columns: width, rows: height });
      stdout.emit('resize');
      await dashboard.flushed();
    },
    sees: (wanted) => vi.waitFor(() => expect(matches(wanted), `no ${wanted} in\n${text()}`).toBe(true), waiting),
    seesNot: (wanted) => vi.waitFor(() => expect(matches(wanted), `${wanted} in\n${text()}`).toBe(false), waiting),
    rowWith: (wanted) => readRows().find((row) => row.includes(wanted)) ?? '',
    written: () => output.join(''),
    hasColour: () => {
      const { active } = emulator.buffer;
      return Array.from({ length: emulator.rows }, (_, row) => active.getLine(active.viewportY + row)).some((row) =>
        Array.from({ length: emulator.cols }, (_, column) => row?.getCell(column)).some(
          (cell) => cell && !(cell.isFgDefault() && cell.isBgDefault()),
        ),
      );
    },
    ended: dashboard.ended,
    async stop() {
      dashboard.stop();
      await dashboard.ended;
      emulator.dispose();
    },
  };
}

/** The stream hands its data on with the next turn of the loop, the dashboard each further key with another. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

const waiting = { timeout: 10_000, interval: 20 };
