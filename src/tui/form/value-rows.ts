import { fieldSpans } from '../text/field.ts';
import { lineWidth, type Span, span } from '../text/line.ts';
import { typedField } from './draft.ts';
import type { ShownField } from './form.ts';
import { labelWidth, type View } from './label.ts';

/** Columns of a text field. */
const longest = 48;

/** What is written or chosen in a field, in as many rows as it takes. */
export function valueRows(shown: ShownField, isAt: boolean, view: View): readonly (readonly Span[])[] {
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
