import { render } from 'ink';
import { App } from './frame/app.tsx';
import { createDashboard, DashboardContext, type DashboardOptions } from './state/dashboard.ts';
import { createCell } from './state/source.ts';
import { holdOutput } from './terminal/held-output.ts';

/** The terminal that the dashboard lives in; `process` fits. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
}

const autowrap = { off: '\u001b[?7l', on: '\u001b[?7h' } as const;

export interface RunningDashboard {
  /** Settles when the dashboard has ended and the terminal is as it was before; throws what broke it. */
  readonly ended: Promise<void>;
  /** All that was painted has been written. */
  flushed(): Promise<void>;
  stop(): void;
}

/** Milliseconds without a change of size after which it counts as settled, and without a frame after which it rests. */
const settlingTime = { size: 100, frames: 1_000 } as const;

/** Does the work once, a while after the last restart. */
function createSettling(work: () => void, time: number) {
  let timer: NodeJS.Timeout | undefined;
  return {
    restart() {
      clearTimeout(timer);
      timer = setTimeout(work, time);
    },
    stop: () => clearTimeout(timer),
  };
}

/** Opens the dashboard on a terminal. */
export function startDashboard(
  options: Omit<DashboardOptions, 'write'>,
  { stdin, stdout }: Terminal,
  /** Told when nothing has been painted for a while, and when something is again. */
  onRest: (isAtRest: boolean) => void = () => {},
): RunningDashboard {
  const dashboard = createDashboard({ ...options, write: (sequence) => stdout.write(sequence) });
  const repaints = createCell(0);
  // A row that is a cell too wide would wrap, scroll the screen and leave it wrong for good.
  const restore = () => stdout.write(autowrap.on);
  const release = holdOutput();
  process.once('exit', restore);
  stdout.write(autowrap.off);
  const repaint = () => {
    instance.clear();
    stdout.write('\u001b[H\u001b[2J');
    repaints.set(repaints.snapshot() + 1);
  };
  // While its size changes a terminal cuts rows off; back at the size that it had, nothing would be painted again.
  const settled = createSettling(repaint, settlingTime.size);
  const resting = createSettling(() => onRest(true), settlingTime.frames);
  process.on('SIGWINCH', settled.restart);
  const instance = render(
    <DashboardContext value={dashboard}>
      <App repaints={repaints} repaint={repaint} />
    </DashboardContext>,
    {
      stdin,
      stdout,
      alternateScreen: true,
      incrementalRendering: true,
      // Whether it is interactive was judged before; a CI variable says nothing about a terminal.
      interactive: true,
      exitOnCtrlC: false,
      patchConsole: false,
      // What follows within effects, or after another change, is a frame of its own: with fewer it would wait for 33 ms.
      maxFps: 120,
      onRender() {
        onRest(false);
        resting.restart();
      },
    },
  );
  void dashboard.connections.connect(options.context);

  async function ended(): Promise<void> {
    // Told on the alternate screen it would vanish with it.
    const broken = Promise.withResolvers<never>();
    process.once('uncaughtException', broken.reject);
    try {
      await Promise.race([instance.waitUntilExit(), broken.promise]);
    } finally {
      process.removeListener('uncaughtException', broken.reject);
      process.removeListener('SIGWINCH', settled.restart);
      settled.stop();
      resting.stop();
      instance.unmount();
      restore();
      process.removeListener('exit', restore);
      release();
      for (const left of await dashboard.close()) process.stderr.write(`${left}\n`);
    }
  }
  return { ended: ended(), flushed: () => instance.waitUntilRenderFlush(), stop: () => instance.unmount() };
}
