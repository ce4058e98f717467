import { type ActionId, bindingOf, groupOf, keyLabel } from '../keys/table.ts';
import { useDashboard } from '../state/dashboard.ts';
import type { Message } from '../state/flash.ts';
import { useLive } from '../state/use-live.ts';
import { widthOf } from '../text/cells.ts';
import { cutLine, ends, type Line, line, lineWidth, type Span, span } from '../text/line.ts';
import { Rows } from '../widgets/rows.tsx';

export const footerHeight = 2;

/** What just happened, and what the keys would do now. */
export function Footer({ width }: { readonly width: number }) {
  const { access, flash, layers, status } = useDashboard();
  const message = useLive(flash);
  const available = useLive(layers);
  const { writing } = useLive(access);
  const standing = useLive(useLive(status));
  const first = message ? messageLine(message, standing.lasting, width) : line(span(` ${standing.text}`, 'dim'));
  return <Rows lines={[cutLine(first, width), hintLine(available, { writing, width })]} width={width} />;
}

/** A message that is too long for the row gives way to how the rest of it is read, and to what lasts. */
function messageLine({ text, tone, more = '' }: Message, lasting: string, width: number): Line {
  const message = line(' ', span(text, tone));
  const beside = [more, lasting].filter((part) => part !== '').join('  ');
  if (beside === '') return message;
  return ends(cutLine(message, width - widthOf(beside) - 3), line(span(beside, 'dim')), width - 1);
}

/** Columns between two hints. */
const gap = 2;

/** As many hints as fit, the most useful ones first. */
function hintLine(
  available: readonly ActionId[],
  { writing, width }: { readonly writing: boolean; readonly width: number },
): Line {
  const hints = available
    .map((id) => ({ id, binding: bindingOf(id) }))
    .filter(({ binding }) => binding.hint !== undefined && (writing || !binding.mutates))
    .toSorted((a, b) => (a.binding.hint ?? 0) - (b.binding.hint ?? 0));
  const kept: { readonly id: ActionId; readonly spans: readonly Span[] }[] = [];
  let left = width - 1;
  for (const { id, binding } of hints) {
    const [key = ''] = binding.keys;
    const spans = [span(keyLabel(key), 'key'), span(` ${binding.label}`, 'dim')];
    left -= lineWidth({ spans }) + (kept.length === 0 ? 0 : gap);
    if (left < 0) break;
    kept.push({ id, spans });
  }
  // Those of the screen first, in the order of their use; those that are always there at the end.
  const last = kept.filter(({ id }) => groupOf(id) === 'app').toReversed();
  const first = kept.filter(({ id }) => groupOf(id) !== 'app');
  return line(
    ' ',
    ...[...first, ...last].flatMap(({ spans }, index) => [span(index === 0 ? '' : ' '.repeat(gap)), ...spans]),
  );
}
