import { stateBadges } from '../runtimes/badges.ts';
import { toWidth, wrap } from '../text/cells.ts';
import { type Line, line, span, type Tone } from '../text/line.ts';
import type { RuntimeOption } from './form.ts';
import { labelSpans, labelWidth, type View } from './label.ts';

/** Name, version and state in one row, then what it is and what speaks against it. */
export function runtimeLines(
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
