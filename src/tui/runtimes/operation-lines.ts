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

/** Rows that steps take at most, and at least, of which two may say what is left out. */
const stepRows = { most: 14, least: 3 } as const;

interface OperationOptions {
  readonly width: number;
  /** Rows that there are for it: steps before and after the one that runs are left out for them. */
  readonly height: number;
  readonly theme: Theme;
}

/** A tool's call step by step, with the latest word about the step that runs. */
export function operationLines(operation: Operation, { width, height, theme }: OperationOptions): readonly Line[] {
  const { tool, state, plan, done, messages, result } = operation;
  const { words, tone } = wordsFor(operation);
  // A message begins with the title of its step, which stands above it.
  const latest = messages.at(-1)?.replace(`${plan?.steps[done]?.title ?? ''}: `, '');
  const steps = plan?.steps ?? [];
  const position =
    state === 'running' && steps.length > 0 ? `, step ${Math.min(done + 1, steps.length)} of ${steps.length}` : '';
  const below = [
    ...(state === 'running' && latest !== undefined && latest !== plan?.steps[done]?.title
      ? [line('     ', span(latest, 'dim'))]
      : []),
    ...(result && !result.ok && state !== 'declined'
      ? wrap(`${result.error.message} ${result.error.hint}`, width - 4).map((row) => line('   ', span(row, tone)))
      : []),
  ];
  const rows = steps.map((step, index) => stepLine(step, stepState(step, index, { state, done }), theme));
  return [
    line(' ', span(tool.title, 'title'), '  ', span(`${words}${position}`, tone)),
    ...stepsAround(rows, done, height - 1 - below.length),
    ...below,
  ];
}

/** As many rows as there is room for, the one at hand among them, and how many there are before and after. */
function stepsAround(rows: readonly Line[], at: number, room: number): readonly Line[] {
  const most = Math.max(stepRows.least, Math.min(stepRows.most, room));
  if (rows.length <= most) return rows;
  const wanted = at - Math.floor((most - 2) / 3);
  // At either end nothing is left out but at the other one.
  const isFirst = wanted <= 1;
  const isLast = wanted + most - 2 >= rows.length - 1;
  const from = isFirst ? 0 : isLast ? rows.length - most + 1 : wanted;
  const to = isFirst ? most - 1 : isLast ? rows.length : wanted + most - 2;
  const count = (steps: number, where: string) =>
    steps === 0 ? [] : [line('   ', span(`… ${steps} ${steps === 1 ? 'step' : 'steps'} ${where}`, 'dim'))];
  return [...count(from, 'before'), ...rows.slice(from, to), ...count(rows.length - to, 'after')];
}

/** How a call that was answered is told where nobody carried anything out. */
const notCarriedOut = [
  { outcome: 'nothing to do', words: 'nothing to do', tone: 'good' },
  { outcome: 'manual', words: 'to be done by hand', tone: 'warn' },
] as const;

/** How far a call is, or what came of it. */
export const wordsFor = ({ state, result }: Operation): (typeof stateWords)[Operation['state']] =>
  notCarriedOut.find(({ outcome }) => result?.ok && result.data.outcome === outcome) ?? stateWords[state];

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
