import type { Plan } from '../../foundry/plan.ts';
import type { Operation } from '../state/operations.ts';
import { wrap } from '../text/cells.ts';
import { type Line, line, span, type Tone } from '../text/line.ts';
import type { Theme } from '../themes/themes.ts';

const stateWords: Readonly<Record<Operation['state'], { readonly words: string; readonly tone: Tone }>> = {
  planning: { words: 'planning', tone: 'busy' },
  asking: { words: 'waiting for your answer', tone: 'warn' },
  running: { words: 'running', tone: 'busy' },
  done: { words: 'done', tone: 'good' },
  failed: { words: 'failed', tone: 'bad' },
  declined: { words: 'not done', tone: 'dim' },
  stopped: { words: 'stopped half-way', tone: 'warn' },
};

/** Steps that are seen at once: some that are done, then the one that runs. */
const shown = { steps: 12, before: 4 } as const;

/** A tool's call step by step, with the latest word about the step that runs. */
export function operationLines(
  { tool, state, plan, done, messages, result }: Operation,
  { width, theme }: { readonly width: number; readonly theme: Theme },
): readonly Line[] {
  const { words, tone } = stateWords[state];
  // A message begins with the title of its step, which stands above it.
  const latest = messages.at(-1)?.replace(`${plan?.steps[done]?.title ?? ''}: `, '');
  const steps = plan?.steps ?? [];
  const from = Math.max(0, Math.min(done - shown.before, steps.length - shown.steps));
  const position =
    state === 'running' && steps.length > 0 ? `, step ${Math.min(done + 1, steps.length)} of ${steps.length}` : '';
  return [
    line(' ', span(tool.title, 'title'), '  ', span(`${words}${position}`, tone)),
    ...steps
      .slice(from, from + shown.steps)
      .map((step, index) => stepLine(step, stepState(step, from + index, { state, done }), theme)),
    ...(state === 'running' && latest !== undefined && latest !== plan?.steps[done]?.title
      ? [line('     ', span(latest, 'dim'))]
      : []),
    ...(result && !result.ok && state !== 'declined'
      ? wrap(`${result.error.message} ${result.error.hint}`, width - 4).map((row) => line('   ', span(row, tone)))
      : []),
  ];
}

type StepState = 'done' | 'running' | 'waiting' | 'failed';

const stepTones: Readonly<Record<StepState, Tone>> = { done: 'good', running: 'busy', waiting: 'dim', failed: 'bad' };

/** `done` is the number of steps before the one that runs. */
function stepState(
  step: Plan['steps'][number],
  index: number,
  { state, done }: Pick<Operation, 'state' | 'done'>,
): StepState {
  if (state === 'done' || index < done) return 'done';
  if (step.kind === 'check') return step.passed === false ? 'failed' : step.passed ? 'done' : 'waiting';
  if (index > done || (state !== 'running' && state !== 'failed' && state !== 'stopped')) return 'waiting';
  return state === 'running' ? 'running' : 'failed';
}

const stepLine = (step: Plan['steps'][number], state: StepState, { glyphs }: Theme): Line =>
  line('   ', span(glyphs[state], stepTones[state]), ' ', span(step.title, state === 'waiting' ? 'dim' : undefined));
