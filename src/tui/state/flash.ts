import type { Tone } from '../text/line.ts';
import { createCell, type Source } from './source.ts';

export interface Message {
  readonly text: string;
  readonly tone: Tone;
}

/** The one line that says what just happened. */
export interface Flash extends Source<Message | undefined> {
  show(text: string, tone?: Tone): void;
  clear(): void;
}

const shownMilliseconds = 6_000;

export function createFlash(): Flash {
  const { set, ...source } = createCell<Message | undefined>(undefined);
  let timer: NodeJS.Timeout | undefined;
  return {
    ...source,
    show(text, tone = 'text') {
      clearTimeout(timer);
      set({ text, tone });
      timer = setTimeout(() => set(undefined), shownMilliseconds);
      timer.unref();
    },
    clear() {
      clearTimeout(timer);
      set(undefined);
    },
  };
}
