import { Text } from 'ink';
import { memo } from 'react';
import { useDashboard } from '../state/dashboard.ts';
import { useLive } from '../state/use-live.ts';
import type { Line } from '../text/line.ts';
import { paint } from '../text/paint.ts';
import { themes } from '../themes/themes.ts';

/** Rows of the screen, one text each. Whatever is shown goes through here. */
export function Rows({ lines, width }: { readonly lines: readonly Line[]; readonly width: number }) {
  const theme = themes[useLive(useDashboard().theme)];
  return lines.map((row, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
    <Row key={index} text={paint(row, width, theme)} />
  ));
}

const Row = memo(({ text }: { readonly text: string }) => <Text wrap="truncate">{text}</Text>);
