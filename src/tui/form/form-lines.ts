import { stateBadges } from '../runtimes/badges.ts';
import { toWidth, wrap } from '../text/cells.ts';
import { fieldSpans } from '../text/field.ts';
import { blank, type Line, line, lineWidth, type Span, span, type Tone } from '../text/line.ts';
import type { Theme } from '../themes/themes.ts';
import { type Check, fieldOfPath } from './check.ts';
import { type Draft, type Stop, stopOf, typedField } from './draft.ts';
import { type Form, type RuntimeOption, runtimeStop, type ShownField } from './form.ts';

interface View {
  readonly form: Form;
  readonly draft: Draft;
  readonly check: Check;
  readonly width: number;
  readonly theme: Theme;
}

/** The rows of one place of the form. */
interface Block {
  readonly stop?: Stop;
  readonly lines: readonly Line[];
}

/** Columns of the cursor and the label, and of what is written. */
const labelWidth = 16;
const longest = 48;

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

const labelSpans = (label: string, isAt: boolean, { theme }: View): readonly Span[] => [
  span(isAt ? ` ${theme.glyphs.cursor} ` : '   ', 'accent'),
  span(toWidth(label, labelWidth - 3), isAt ? 'title' : 'dim'),
];

function fieldBlocks(shown: ShownField, at: Stop, view: View): readonly Block[] {
  const { id, label } = shown.field;
  if (id === 'runtime') return runtimeBlocks(label, at, view);
  const isAt = at === id;
  const rows = valueRows(shown, isAt, view).map((spans, index) =>
    line(...(index === 0 ? labelSpans(label, isAt, view) : [span(' '.repeat(labelWidth))]), ...spans),
  );
  return [{ stop: id, lines: [...rows, ...problemLines(id, view)] }];
}

function valueRows(shown: ShownField, isAt: boolean, view: View): readonly (readonly Span[])[] {
  const { field, text, options, chosen } = shown;
  switch (field.kind) {
    case 'choice':
      return optionRows(
        options.map((option) => optionSpans(option === '' ? 'default' : option, option === chosen, isAt)),
        view.width - labelWidth,
      );
    case 'toggle':
      return [optionSpans('trust it', text === 'true', isAt, ['[x]', '[ ]'])];
    default:
      return [textSpans(shown, isAt, view)];
  }
}

function textSpans({ field, text, standard }: ShownField, isAt: boolean, { draft, width }: View): readonly Span[] {
  if (text === '' && standard !== '') {
    const [first = ' ', ...rest] = standard;
    return [span(first, isAt ? 'tab' : 'dim'), span(rest.join(''), 'dim'), span(isAt ? '  by default' : '', 'dim')];
  }
  if (!isAt && text !== '') return [span(text)];
  const room = Math.max(8, Math.min(longest, width - labelWidth - 10));
  const typed = isAt ? typedField(draft, field.id) : { text, at: 0 };
  return [...fieldSpans(typed, room, isAt), span(field.required && text === '' ? '  needed' : '', 'dim')];
}

/** Options one after the other, in as many rows as they take. */
function optionRows(options: readonly (readonly Span[])[], width: number): readonly (readonly Span[])[] {
  const rows: (readonly Span[])[] = [];
  for (const option of options) {
    const joined = [...(rows.at(-1) ?? []), ...option];
    if (rows.length > 0 && lineWidth({ spans: joined }) <= width + gap) rows[rows.length - 1] = joined;
    else rows.push(option);
  }
  return rows;
}

const gap = 2;

const optionSpans = (label: string, isChosen: boolean, isAt: boolean, marks = ['(o)', '( )']): readonly Span[] => [
  span(`${isChosen ? marks[0] : marks[1]} `, isChosen ? 'accent' : 'dim'),
  span(label, isChosen ? (isAt ? 'tab' : 'text') : 'dim'),
  span(' '.repeat(gap)),
];

const runtimeBlocks = (label: string, at: Stop, view: View): readonly Block[] =>
  view.form.runtimes.map((option, index) => {
    const stop = runtimeStop(option.offer);
    const lines = runtimeLines(option, { label: index === 0 ? label : '', isAt: stop === at }, view);
    return { stop, lines: [...lines, ...(option.isChosen ? problemLines('runtime', view) : [])] };
  });

/** Name, version and state in one row, then what it is and what speaks against it. */
function runtimeLines(
  { offer, status, isChosen, warning }: RuntimeOption,
  { label, isAt }: { readonly label: string; readonly isAt: boolean },
  view: View,
): readonly Line[] {
  const badge = status && stateBadges[status.state];
  const missing = status?.installed === false;
  const below = (words: string, tone: Tone) =>
    wrap(words, Math.min(100, view.width - labelWidth - 5)).map((row) =>
      line(' '.repeat(labelWidth + 4), span(row, tone)),
    );
  return [
    line(
      ...labelSpans(label, isAt, view),
      span(isChosen ? '(o) ' : '( ) ', isChosen ? 'accent' : 'dim'),
      span(toWidth(offer.title, 15), isAt ? 'tab' : isChosen ? 'title' : 'text'),
      span(` ${toWidth(status?.version ?? '', view.width < 70 && missing ? 0 : 7)} `),
      badge ? span(badge.label, badge.tone) : span('reading …', 'dim'),
      span(missing ? '  i' : '', 'key'),
      span(missing ? ' installs it' : '', 'dim'),
    ),
    ...below(offer.description, 'dim'),
    ...(warning === undefined ? [] : below(`! ${warning}`, 'warn')),
  ];
}

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

/** What is wrong with a field, below it. What is only not written yet is no reproach. */
function problemLines(id: string, { form, check, width }: View): readonly Line[] {
  if (form.fields.some(({ field, text }) => field.id === id && field.required && text === '')) return [];
  return check.problems
    .filter(({ code, path }) => path !== undefined && fieldOfPath(path) === id && !saidAlready.includes(code))
    .flatMap(({ message, hint }) =>
      wrap(`! ${message} ${hint}`, Math.min(100, width - labelWidth - 1)).map((row) =>
        line(' '.repeat(labelWidth), span(row, 'bad')),
      ),
    );
}

/** By the runtime's badge and warning. */
const saidAlready = ['RUNTIME_NOT_INSTALLED', 'RUNTIME_REQUIRED'];

/** What is no matter of one field: GPUs, the server's word, warnings. */
function checkLines(view: View): readonly Line[] {
  const { check, draft, form, width } = view;
  const { planned, problems } = check;
  const rows = (label: string, words: string, tone?: Tone) =>
    wrap(words, width - labelWidth - 1).map((row, index) =>
      line(...labelSpans(index === 0 ? label : '', false, view), span(row, tone)),
    );
  const seen = form.fields.filter(({ field }) => !field.advanced || draft.isOpen).map(({ field }) => field.id);
  const known = new Set<string>(seen);
  const general = problems.filter(({ path }) => path === undefined || !known.has(fieldOfPath(path)));
  const fit = planned?.fit;
  return [
    ...(fit
      ? rows(
          'GPUs needed',
          `${fit.gpus} of ${fit.cluster} in usable nodes, the largest has ${fit.largestNode}: ${fit.fits ? 'fits' : 'does not fit'}`,
          fit.fits ? 'good' : 'warn',
        )
      : []),
    ...(planned ? rows('Dry run', planned.dryRun.message, dryRunTone(planned.dryRun.accepted)) : []),
    ...general.flatMap(({ message, hint }) => rows('Problem', `${message} ${hint}`, 'bad')),
    ...(planned?.warnings ?? []).flatMap((words) => rows('! Warning', words, 'warn')),
  ];
}

const dryRunTone = (accepted: boolean | null): Tone => (accepted === null ? 'dim' : accepted ? 'good' : 'bad');
