import { quoteBar } from '../../foundry/untrusted-text.ts';
import type { CallResult } from '../../tools/call.ts';
import { wrap } from '../text/cells.ts';
import { type Line, line, span, type Tone } from '../text/line.ts';

/** What a tool answered, or why it did not, with what is to be said of its commands. */
export function answerLines(result: CallResult | undefined, note: string, width: number): readonly Line[] {
  const text = (words: string, tone?: Tone) => wrap(words, width - 2).map((row) => line(' ', span(row, tone)));
  if (!result) return text('There is no cluster to ask.', 'bad');
  const noted = note === '' ? [] : text(note, 'dim');
  if (result.ok) {
    const rows = result.text
      .split('\n')
      .flatMap((words) => (words.startsWith(quoteBar) ? quotedRows(words, width) : text(words)));
    return [...rows, ...noted];
  }
  const { code, message, hint } = result.error;
  return [...`${code}: ${message}`.split('\n').flatMap((words) => text(words, 'bad')), ...text(hint), ...noted];
}

/** What others wrote keeps its bar in each of its rows: none of them can pass for words of ours. */
const quotedRows = (words: string, width: number): readonly Line[] =>
  wrap(words.slice(quoteBar.length), width - 6).map((row, at) =>
    line(' ', span(at === 0 ? quoteBar : `${quoteBar}  `, 'dim'), row),
  );
