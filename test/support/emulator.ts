import xterm from '@xterm/headless';

/** A terminal that is only in memory, and what can be seen on it. */
export interface Emulator {
  readonly terminal: xterm.Terminal;
  /** What is seen, one string per row, without spaces at the ends. */
  rows(): readonly string[];
  text(): string;
  /** The row in which the text stands. */
  rowWith(text: string): string;
  /** Waits until the text is seen. */
  sees(text: string | RegExp): Promise<void>;
  seesNot(text: string | RegExp): Promise<void>;
}

interface EmulatorOptions {
  /** For what writes to it without a pty between, which would do that. */
  readonly convertEol?: boolean;
  /** Milliseconds to wait for what is to be seen; default 10 s. */
  readonly patience?: number | undefined;
}

export function createEmulator(columns: number, rows: number, options: EmulatorOptions = {}): Emulator {
  const { convertEol = false, patience = 10_000 } = options;
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol });
  const readRows = (): readonly string[] => {
    const { active } = terminal.buffer;
    return Array.from({ length: terminal.rows }, (_, row) =>
      (active.getLine(active.viewportY + row)?.translateToString(true, 0, terminal.cols) ?? '').trimEnd(),
    );
  };
  const text = () => readRows().join('\n');
  const isSeen = (wanted: string | RegExp): boolean =>
    typeof wanted === 'string' ? text().includes(wanted) : wanted.test(text());

  async function until(holds: () => boolean, otherwise: string): Promise<void> {
    // Made here, so that its stack leads to the test.
    const late = new Error(otherwise);
    const seen = Promise.withResolvers<void>();
    const look = () => {
      if (holds()) seen.resolve();
    };
    const listener = terminal.onWriteParsed(look);
    const timer = setTimeout(() => {
      late.message = `${otherwise}\n${text()}`;
      seen.reject(late);
    }, patience);
    look();
    try {
      await seen.promise;
    } finally {
      clearTimeout(timer);
      listener.dispose();
    }
  }

  return {
    terminal,
    rows: readRows,
    text,
    rowWith: (wanted) => readRows().find((row) => row.includes(wanted)) ?? '',
    sees: (wanted) => until(() => isSeen(wanted), `no ${wanted} in`),
    seesNot: (wanted) => until(() => !isSeen(wanted), `${wanted} in`),
  };
}
