import { blank, type Line, line, span } from '../text/line.ts';
import { checkLines, problemLines } from './check-lines.ts';
import { type Stop, stopOf } from './draft.ts';
import { runtimeStop, type ShownField } from './form.ts';
import { labelSpans, labelWidth, type View } from './label.ts';
import { runtimeLines } from './runtime-lines.ts';
import { valueRows } from './value-rows.ts';

/** The rows of one place of the form. */
interface Block {
  readonly stop?: Stop;
  readonly lines: readonly Line[];
}

export interface FormView {
  readonly lines: readonly Line[];
  /** Rows of the place where one is; the end where that is not among them. */
  readonly focus: readonly [from: number, to: number];
}

/** The whole form but its last row. */
export function formView(view: View): FormView {
  const { form, draft } = view;
  const at = stopOf(draft, form.stops);
  const blocks: readonly Block[] = [
    ...form.fields.filter(({ field }) => !field.advanced).flatMap((shown) => fieldBlocks(shown, at, view)),
    { stop: 'advanced', lines: [advancedLine(view, at === 'advanced')] },
    ...(draft.isOpen
      ? form.fields.filter(({ field }) => field.advanced).flatMap((shown) => fieldBlocks(shown, at, view))
      : []),
    { lines: [blank, ...checkLines(view)] },
  ];
  const index = blocks.findIndex(({ stop }) => stop === at);
  const before = (count: number) => blocks.slice(0, count).reduce((sum, { lines }) => sum + lines.length, 0);
  const all = before(blocks.length);
  return {
    lines: blocks.flatMap(({ lines }) => lines),
    focus: index < 0 ? [all - 1, all] : [before(index), before(index + 1)],
  };
}

/** First row to show, so that the place where one is can be seen whole. */
export function topOf({ lines, focus: [from, to] }: FormView, height: number): number {
  const middle = Math.floor((from + to - height) / 2);
  return Math.max(0, Math.min(middle, lines.length - height));
}

function fieldBlocks(shown: ShownField, at: Stop, view: View): readonly Block[] {
  const { id, label } = shown.field;
  if (id === 'runtime') return runtimeBlocks(label, at, view);
  const isAt = at === id;
  const rows = valueRows(shown, isAt, view).map((spans, index) =>
    line(...(index === 0 ? labelSpans(label, isAt, view) : [span(' '.repeat(labelWidth))]), ...spans),
  );
  return [{ stop: id, lines: [...rows, ...problemLines(id, view)] }];
}

const runtimeBlocks = (label: string, at: Stop, view: View): readonly Block[] =>
  view.form.runtimes.map((option, index) => {
    const stop = runtimeStop(option.offer);
    const lines = runtimeLines(option, { label: index === 0 ? label : '', isAt: stop === at }, view);
    return { stop, lines: [...lines, ...(option.isChosen ? problemLines('runtime', view) : [])] };
  });

function advancedLine(view: View, isAt: boolean): Line {
  const { draft, form } = view;
  const set = form.fields.filter(({ field, text }) => field.advanced && text !== '').map(({ field }) => field.label);
  const words = draft.isOpen ? '' : set.length > 0 ? set.join(', ') : 'image, resources, placement, engine arguments …';
  return line(
    ...labelSpans('Advanced', isAt, view),
    span(draft.isOpen ? '[-] ' : '[+] ', isAt ? 'tab' : 'accent'),
    span(words, set.length > 0 ? 'text' : 'dim'),
  );
}
