import { Box, useApp, useInput, usePaste, useWindowSize } from 'ink';
import { useEffect, useRef } from 'react';
import type { Connection } from '../data/connection.ts';
import { useActions } from '../keys/use-actions.ts';
import { useDashboard } from '../state/dashboard.ts';
import { type Overlay, type Place, parentOf } from '../state/navigation.ts';
import { useLive } from '../state/use-live.ts';
import { type Stroke, strokesOf } from '../terminal/strokes.ts';
import { wrap } from '../text/cells.ts';
import { blank, exactly, type Line, line, span } from '../text/line.ts';
import { nextTheme, themes } from '../themes/themes.ts';
import { Dialog } from './dialog.tsx';
import { Footer, footerHeight } from './footer.tsx';
import { headerHeight, useHeader } from './header.tsx';
import { isPage, OverlayPanel, Page } from './overlays.tsx';
import { pickerHeight } from './picker.tsx';
import { Rows } from './rows.tsx';
import { type ScreenProps, screens } from './screens.ts';

/** Below this nothing sensible can be shown. */
const smallest = { width: 60, height: 16 } as const;

/** Header, one screen, footer; over them what asks or chooses. */
export function App({ repaint }: { readonly repaint: () => void }) {
  const dashboard = useDashboard();
  const { columns: width, rows: height } = useWindowSize();
  useStrokes();
  useFrameActions(repaint);
  const header = useHeader(width);
  const connection = useLive(dashboard.connections);
  const { place, overlay } = useLive(dashboard.navigation);
  const asked = useLive(dashboard.dialogs);
  const isSmall = width < smallest.width || height < smallest.height;
  const body = { width, height: height - headerHeight - footerHeight };
  // A root with a width shows wrong screens after the terminal became narrower.
  return (
    <Box flexDirection="column" height={height} overflow="hidden">
      {isSmall ? (
        <Rows lines={exactly([smallLine(width, height)], height)} width={width} />
      ) : (
        <>
          <Rows lines={header} width={width} />
          {asked ? (
            <Dialog key={asked.title} asked={asked} {...body} />
          ) : overlay && isPage(overlay) ? (
            <Page overlay={overlay} {...body} />
          ) : (
            <Body connection={connection} place={place} overlay={overlay} {...body} />
          )}
          <Footer width={width} />
        </>
      )}
    </Box>
  );
}

interface BodyProps {
  readonly connection: Connection;
  readonly place: Place;
  readonly overlay: Overlay | undefined;
  readonly width: number;
  readonly height: number;
}

function Body({ connection, place, overlay, width, height }: BodyProps) {
  const panel = overlay ? pickerHeight(height) : 0;
  const room = height - panel;
  return (
    <>
      {connection.state === 'open' ? (
        <Screen place={place} connection={connection} width={width} height={room} />
      ) : (
        <Rows lines={exactly(connectionLines(connection, width), room)} width={width} />
      )}
      {overlay && (
        <OverlayPanel
          overlay={overlay}
          connection={connection.state === 'open' ? connection : undefined}
          width={width}
          height={panel}
        />
      )}
    </>
  );
}

function Screen({ place, ...props }: Omit<ScreenProps<Place['screen']>, 'place'> & { readonly place: Place }) {
  switch (place.screen) {
    case 'runtimes':
      return <screens.runtimes place={place} {...props} />;
    case 'runtime':
      return <screens.runtime key={place.runtime} place={place} {...props} />;
    case 'deployments':
      return <screens.deployments place={place} {...props} />;
    case 'deployment':
      return <screens.deployment place={place} {...props} />;
  }
}

const smallLine = (width: number, height: number): Line =>
  line(`terminal too small: ${width}x${height}, needs ${smallest.width}x${smallest.height}`);

function connectionLines(connection: Exclude<Connection, { state: 'open' }>, width: number): readonly Line[] {
  if (connection.state === 'opening') return [blank, line(span('   Opening the cluster …', 'dim'))];
  const { code, message, hint } = connection.error;
  const text = (words: string, tone?: 'bad') => wrap(words, width - 4).map((row) => line('   ', span(row, tone)));
  return [
    blank,
    ...text(`${code}: ${message}`, 'bad'),
    ...text(hint),
    blank,
    ...text('c another context   Ctrl-R try again   q quit'),
  ];
}

/**
 * Hands keys on one by one. What arrived together is handed on with time to paint between, so that each key meets the
 * view that the one before it made.
 */
function useStrokes(): void {
  const { layers } = useDashboard();
  const waiting = useRef<Stroke[]>([]);
  const next = () => {
    const stroke = waiting.current[0];
    if (!stroke) return;
    layers.press(stroke);
    setImmediate(() => {
      waiting.current.shift();
      next();
    });
  };
  useInput((input, key) => {
    const idle = waiting.current.length === 0;
    waiting.current.push(...strokesOf(input, key));
    if (idle) next();
  });
  usePaste((text) => layers.paste(text));
}

function useFrameActions(repaint: () => void): void {
  const { access, connections, dialogs, flash, go, navigation, operations, theme } = useDashboard();
  const { exit } = useApp();
  const open = (overlay: Overlay) => () => navigation.dispatch({ type: 'open', overlay });
  const connection = useLive(connections);

  async function leave(): Promise<void> {
    const running = operations.running();
    const lines = [
      `${running.map(({ tool }) => tool.title).join(', ')}: still running.`,
      'Quitting stops it after the step at hand; what is done stays done.',
    ];
    if (running.length === 0 || (await dialogs.ask({ title: 'Quit', lines }))) exit();
  }

  function back(): boolean {
    const { place, older } = navigation.snapshot();
    const parent = parentOf(place);
    if (parent === undefined) return false;
    const isBefore = JSON.stringify(older.at(-1)) === JSON.stringify(parent);
    navigation.dispatch(isBefore ? { type: 'older' } : { type: 'go', place: parent });
    return true;
  }

  useActions(
    {
      'app.runtimes': () => go({ screen: 'runtimes' }),
      'app.deployments': () => go({ screen: 'deployments' }),
      'app.palette': open({ kind: 'palette' }),
      'app.help': open({ kind: 'help' }),
      'app.context': open({ kind: 'contexts' }),
      ...(connection.state === 'open' && { 'app.namespace': open({ kind: 'namespaces' }) }),
      'app.command': open({ kind: 'command' }),
      'app.back': () => void back(),
      'app.older': () => navigation.dispatch({ type: 'older' }),
      'app.newer': () => navigation.dispatch({ type: 'newer' }),
      'app.theme': () => {
        const next = nextTheme(theme.snapshot());
        theme.set(next);
        flash.show(`Theme: ${themes[next].title}`);
      },
      'app.writing': () => {
        const { writing, fixed } = access.toggle();
        const words = fixed === undefined ? (writing ? 'Changes are allowed.' : 'Read-only.') : `Read-only: ${fixed}.`;
        flash.show(words, 'warn');
      },
      'app.refresh': () => {
        if (connection.state === 'open') connection.runtimes.refresh();
        else void connections.connect(connection.context);
        flash.show('Reading again …', 'busy');
      },
      'app.repaint': repaint,
      'app.stop': () => flash.show(operations.stop() ? 'Stopping …' : 'Nothing runs.', 'warn'),
      'app.quit': () => {
        if (!back()) void leave();
      },
    },
    { level: 'frame' },
  );
  // Works from everywhere, also while something is asked or typed.
  useInput((input, key) => {
    if (key.ctrl && input === 'c') void leave();
  });
  useEffect(() => () => flash.clear(), [flash]);
}
