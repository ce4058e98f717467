import type { Connection } from '../data/connection.ts';
import { OverlayPanel, panelHeight } from '../overlays/overlay-panel.tsx';
import type { Overlay, Place } from '../state/navigation.ts';
import { wrap } from '../text/cells.ts';
import { blank, exactly, type Line, line, span } from '../text/line.ts';
import { Rows } from '../widgets/rows.tsx';
import { type ScreenProps, screens } from './screens.ts';

interface BodyProps {
  readonly connection: Connection;
  readonly place: Place;
  readonly overlay: Overlay | undefined;
  readonly width: number;
  readonly height: number;
}

/** The screen, or why there is none; what is chosen from shares the room with it. */
export function Body({ connection, place, overlay, width, height }: BodyProps) {
  const panel = overlay ? panelHeight(overlay, height) : 0;
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
    case 'deploy':
      // What was checked in one context says nothing of another.
      return <screens.deploy key={props.connection.site.context} place={place} {...props} />;
  }
}

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
