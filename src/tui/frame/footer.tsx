import { type ActionId, bindingOf, keyLabel } from '../keys/table.ts';
import { useDashboard } from '../state/dashboard.ts';
import { useLive } from '../state/use-live.ts';
import { cutLine, type Line, line, lineWidth, type Span, span } from '../text/line.ts';
import { Rows } from './rows.tsx';

export const footerHeight = 2;

/** What just happened, and what the keys would do now. */
export function Footer({ width }: { readonly width: number }) {
  const { access, flash, layers } = useDashboard();
  const message = useLive(flash);
  const available = useLive(layers);
  const { writing } = useLive(access);
  const first = message ? line(' ', span(message.text, message.tone)) : line(' ');
  return <Rows lines={[cutLine(first, width), hintLine(available, { writing, width })]} width={width} />;
}

/** As many hints as fit, the most useful ones first. */
export function hintLine(
  available: readonly ActionId[],
  { writing, width }: { readonly writing: boolean; readonly width: number },
): Line {
  const hints = available
    .map((id) => ({ id, binding: bindingOf(id) }))
    .filter(({ binding }) => binding.hint !== undefined && (writing || !binding.mutates))
    .toSorted((a, b) => (a.binding.hint ?? 0) - (b.binding.hint ?? 0));
  let row: readonly Span[] = [span(' ')];
  for (const { binding } of hints) {
    const [key = ''] = binding.keys;
    const next = [...row, span(keyLabel(key), 'key'), span(` ${binding.label}  `, 'dim')];
    if (lineWidth({ spans: next }) > width) break;
    row = next;
  }
  return { spans: row };
}
