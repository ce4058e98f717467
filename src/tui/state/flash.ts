import type { Tone } from '../text/line.ts';
import { createCell, type Source } from './source.ts';

export interface Message {
  readonly text: string;
  readonly tone: Tone;
  /** How the rest of it is read; it stays whole where the text is cut. */
  readonly more?: string;
}

/** The one line that says what just happened. */
export interface Flash extends Source<Message | undefined> {
  show(text: string, tone?: Tone, more?: string): void;
  /** Takes away what has been said; what is going on, or went wrong, stays for its time. */
  pass(): void;
  clear(): void;
}

const shownMilliseconds = 6_000;

export function createFlash(): Flash {
  const { set, ...source } = createCell<Message | undefined>(undefined);
  let timer: NodeJS.Timeout | undefined;
  function clear(): void {
    clearTimeout(timer);
    set(undefined);
  }
  return {
    ...source,
    show(text, tone = 'text', more) {
      clearTimeout(timer);
      set({ text, tone, ...(more !== undefined && { more }) });
      timer = setTimeout(() => set(undefined), shownMilliseconds);
      timer.unref();
    },
    pass() {
      const tone = source.snapshot()?.tone;
      if (tone !== 'busy' && tone !== 'bad') clear();
    },
    clear,
  };
}
