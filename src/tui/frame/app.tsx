import { Box, useWindowSize } from 'ink';
import { Dialog } from '../overlays/dialog.tsx';
import { isPage, OverlayPanel } from '../overlays/overlay-panel.tsx';
import { Planning } from '../overlays/planning.tsx';
import { useDashboard } from '../state/dashboard.ts';
import type { Source } from '../state/source.ts';
import { useLive } from '../state/use-live.ts';
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
  const header = useHeader(width);
  const connection = useLive(dashboard.connections);
  const { place, overlay } = useLive(dashboard.navigation);
  const asked = useLive(dashboard.dialogs);
  const isPlanning = useLive(dashboard.operations).some(({ state }) => state === 'planning');
  const isSmall = width < smallest.width || height < smallest.height;
  const body = { width, height: height - headerHeight - footerHeight };
  // A root with a width shows wrong screens after the terminal became narrower.
  return (
    <Box flexDirection="column" height={height} overflow="hidden">
      <Strokes />
      {isSmall ? (
        <Rows lines={exactly([smallLine(width, height)], height)} width={width} />
      ) : (
        <>
          <Rows lines={header} width={width} />
          {asked ? (
            <Dialog key={asked.id} asked={asked} {...body} />
          ) : overlay && isPage(overlay) ? (
            <OverlayPanel overlay={overlay} connection={undefined} {...body} />
          ) : (
            <Body connection={connection} place={place} overlay={overlay} {...body} />
          )}
          <Footer width={width} />
          {!asked && isPlanning && <Planning />}
        </>
      )}
    </Box>
  );
}

const smallLine = (width: number, height: number): Line =>
  line(`terminal too small: ${width}x${height}, needs ${smallest.width}x${smallest.height}`);
