import { Box, useWindowSize } from 'ink';
import { Dialog } from '../overlays/dialog.tsx';
import { isPage, OverlayPanel } from '../overlays/overlay-panel.tsx';
import { Planning } from '../overlays/planning.tsx';
import { useDashboard } from '../state/dashboard.ts';
import type { Question } from '../state/dialogs.ts';
import type { Source } from '../state/source.ts';
import { useLive } from '../state/use-live.ts';
import { wrap } from '../text/cells.ts';
import { exactly, type Line, line } from '../text/line.ts';
import { Rows } from '../widgets/rows.tsx';
import { Body } from './body.tsx';
import { Footer, footerHeight } from './footer.tsx';
import { headerHeight, useHeader } from './header.tsx';
import { Strokes } from './strokes.tsx';
import { useFrameActions } from './use-frame-actions.ts';

/** Below this nothing sensible can be shown. */
const smallest = { width: 60, height: 16 } as const;

interface AppProps {
  /** Clears the terminal and paints everything. */
  readonly repaint: () => void;
  /** It changes when everything is to be painted, whatever is thought to stand there. */
  readonly repaints: Source<number>;
}

/** Header, one screen, footer; over them what asks or chooses. */
export function App({ repaint, repaints }: AppProps) {
  const dashboard = useDashboard();
  useLive(repaints);
  const { columns: width, rows: height } = useWindowSize();
  useFrameActions(repaint);
  const connection = useLive(dashboard.connections);
  const { place, overlay } = useLive(dashboard.navigation);
  const asked = useLive(dashboard.dialogs);
  const opened = connection.state === 'open' ? connection : undefined;
  const isPlanning = useLive(dashboard.operations).some(({ state }) => state === 'planning');
  const isSmall = width < smallest.width || height < smallest.height;
  // What cannot be seen stays as it is, with whatever has the focus.
  const body = {
    width: Math.max(width, smallest.width),
    height: Math.max(height, smallest.height) - headerHeight - footerHeight,
  };
  const header = useHeader(body.width);
  // A root with a width shows wrong screens after the terminal became narrower. Rows are cut across when they are painted:
  // cut again by Ink they would cost a fifth of each frame.
  return (
    <Box flexDirection="column" height={height} overflowY="hidden">
      <Strokes isHidden={isSmall} />
      {isSmall && <Rows lines={exactly(smallLines(width, height, asked), height)} width={width} />}
      <Box flexDirection="column" display={isSmall ? 'none' : 'flex'}>
        <Rows lines={header} width={body.width} />
        {asked ? (
          <Dialog key={asked.id} asked={asked} {...body} />
        ) : overlay && isPage(overlay) ? (
          <OverlayPanel overlay={overlay} connection={opened} {...body} />
        ) : (
          <Body connection={connection} place={place} overlay={overlay} {...body} />
        )}
        <Footer width={body.width} />
        {!asked && isPlanning && <Planning />}
      </Box>
    </Box>
  );
}

/** Only Ctrl-C does anything here, so that its question is the only one that is told. */
const smallLines = (width: number, height: number, asked: Question | undefined): readonly Line[] =>
  [
    `terminal too small: ${width}x${height}, needs ${smallest.width}x${smallest.height}`,
    ...(asked?.urgent ? [...asked.lines, 'Ctrl-C again quits.'] : ['Ctrl-C quits.']),
  ]
    .flatMap((words) => wrap(words, width))
    .map((row) => line(row));
