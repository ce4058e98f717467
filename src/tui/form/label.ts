import { toWidth } from '../text/cells.ts';
import { type Span, span, type Tone } from '../text/line.ts';
import type { Theme } from '../themes/themes.ts';
import type { Check } from './check.ts';
import type { Draft } from './draft.ts';
import type { Form } from './form.ts';

/** What the rows of the form are made from. */
export interface View {
  readonly form: Form;
  readonly draft: Draft;
  readonly check: Check;
  readonly width: number;
  readonly theme: Theme;
}

/** What is said below the fields: a label, words, and how they look. */
export type CheckRow = readonly [label: string, words: string, tone?: Tone];

/** Columns of the cursor and the label. */
export const labelWidth = 16;

export const labelSpans = (label: string, isAt: boolean, { theme }: View): readonly Span[] => [
  span(isAt ? ` ${theme.glyphs.cursor} ` : '   ', 'accent'),
  span(toWidth(label, labelWidth - 3), isAt ? 'title' : 'dim'),
];
