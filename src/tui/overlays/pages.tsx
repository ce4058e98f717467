import { useDashboard } from '../state/dashboard.ts';
import { useLive } from '../state/use-live.ts';
import { Scrolled } from '../widgets/scrolled.tsx';
import { commandLines } from './command-lines.ts';
import { helpLines } from './help-lines.ts';
import type { Size } from './overlay-panel.tsx';

/** All keys. */
export function HelpPage({ width, height }: Size) {
  const { navigation, options } = useDashboard();
  const { place } = useLive(navigation);
  return <Page lines={helpLines(width, options.version, place.screen)} width={width} height={height} />;
}

/** The last action as commands. */
export function CommandPage({ width, height }: Size) {
  const { operations, options } = useDashboard();
  const { asCommands, isPrivate } = options;
  const all = useLive(operations);
  const latest = all.filter(({ batch }) => batch === all[0]?.batch).toReversed();
  return <Page lines={commandLines(latest, { asCommands, isPrivate, width })} width={width} height={height} />;
}

function Page({ lines, width, height }: Size & { readonly lines: ReturnType<typeof helpLines> }) {
  const { navigation } = useDashboard();
  const close = () => navigation.dispatch({ type: 'close' });
  return <Scrolled lines={lines} width={width} height={height} level="panel" actions={{ 'page.close': close }} />;
}
