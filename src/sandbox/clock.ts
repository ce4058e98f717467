/** Background waits never pass faster than this, so that a crash loop does not spin when time is sped up. */
const fastestBackground = 20;

/**
 * Time in the sandbox: waits are divided by `speed`; timestamps stay those of the wall clock.
 * Waits that lead somewhere hold back `settled()`; background ones (back-off that repeats for ever) do not, and stand
 * still while the speed is infinite.
 */
export interface Clock {
  /** How many simulated seconds pass per second; Infinity skips every wait. */
  speed: number;
  now(): Date;
  /** Simulated seconds since then (milliseconds of the wall clock), as waits of that sort count them. */
  passed(since: number, background?: boolean): number;
  /** Runs once after that many simulated seconds; the result cancels it. */
  after(seconds: number, run: () => void, background?: boolean): () => void;
  /** Waits that lead somewhere and have not ended. */
  readonly waiting: number;
  stop(): void;
}

interface Wait {
  readonly seconds: number;
  readonly run: () => void;
  readonly background: boolean;
  timer?: NodeJS.Timeout;
}

export function createClock(initial: number): Clock {
  const waits = new Set<Wait>();
  let speed = initial;
  let stopped = false;

  const rate = (background: boolean): number => {
    if (!background) return speed;
    return speed === Number.POSITIVE_INFINITY ? 0 : Math.min(speed, fastestBackground);
  };
  const start = (wait: Wait) => {
    const pace = rate(wait.background);
    if (pace === 0) return;
    wait.timer = setTimeout(() => end(wait) && wait.run(), (wait.seconds * 1000) / pace);
  };
  const end = (wait: Wait): boolean => {
    clearTimeout(wait.timer);
    return waits.delete(wait);
  };

  return {
    get speed() {
      return speed;
    },
    set speed(wanted) {
      speed = wanted;
      for (const wait of waits) if (wait.timer === undefined) start(wait);
    },
    now: () => new Date(),
    passed(since, background = false) {
      const pace = rate(background);
      // Timers may fire a moment early.
      return pace === Number.POSITIVE_INFINITY ? pace : ((Date.now() - since + 2) * pace) / 1000;
    },
    after(seconds, run, background = false) {
      const wait: Wait = { seconds, run, background };
      if (!stopped) {
        waits.add(wait);
        start(wait);
      }
      return () => {
        end(wait);
      };
    },
    get waiting() {
      return [...waits].filter(({ background }) => !background).length;
    },
    stop() {
      stopped = true;
      for (const wait of waits) end(wait);
    },
  };
}
