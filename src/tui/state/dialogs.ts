import type { Plan } from '../../foundry/plan.ts';
import { createCell, type Source } from './source.ts';

/** A question that must be answered before anything else. */
export interface Question {
  readonly title: string;
  /** What would be done, where a tool asks: one plan for each of its calls. */
  readonly plans?: readonly Plan[];
  readonly lines: readonly string[];
  /** What `y` would answer yes to; default: whether the plans are to be carried out. */
  readonly asks?: string;
  /** Text that must be typed instead of `y`: where a slip would cost much. */
  readonly typed?: string;
  /** Comes before what is asked already. */
  readonly urgent?: true;
}

interface Asked extends Question {
  readonly id: number;
  readonly answer: (yes: boolean) => void;
}

/** Questions, one after the other; the snapshot is the one that is asked now. */
export interface Dialogs extends Source<Asked | undefined> {
  /** True = yes. A signal that aborts takes the question back. */
  ask(question: Question, signal?: AbortSignal): Promise<boolean>;
}

export function createDialogs(): Dialogs {
  const { set, ...source } = createCell<Asked | undefined>(undefined);
  const waiting: Asked[] = [];
  let latest = 0;
  const next = () => set(waiting[0]);
  return {
    ...source,
    ask: (question, signal) =>
      new Promise((resolve) => {
        latest += 1;
        const asked: Asked = {
          id: latest,
          ...question,
          answer(yes) {
            const at = waiting.indexOf(asked);
            if (at < 0) return;
            waiting.splice(at, 1);
            next();
            resolve(yes);
          },
        };
        if (question.urgent) waiting.unshift(asked);
        else waiting.push(asked);
        signal?.addEventListener('abort', () => asked.answer(false), { once: true });
        next();
      }),
  };
}
