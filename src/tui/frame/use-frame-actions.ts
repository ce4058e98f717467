import { useApp } from 'ink';
import { openForm } from '../form/filling.ts';
import { useActions } from '../keys/use-actions.ts';
import { readOnlyWords } from '../state/access.ts';
import { useDashboard } from '../state/dashboard.ts';
import { type Overlay, parentOf } from '../state/navigation.ts';
import { useLive } from '../state/use-live.ts';
import { nextTheme, themes } from '../themes/themes.ts';

/** What the keys do everywhere. */
export function useFrameActions(repaint: () => void): void {
  const dashboard = useDashboard();
  const { access, connections, dialogs, flash, go, navigation, operations, theme } = dashboard;
  const { exit } = useApp();
  const open = (overlay: Overlay) => () => navigation.dispatch({ type: 'open', overlay });
  const connection = useLive(connections);
  const { place } = useLive(navigation);

  async function leave(): Promise<void> {
    const asked = dialogs.snapshot();
    // Ctrl-C once more is an answer as well.
    if (asked?.urgent) return asked.answer(true);
    // What is only planned or asked about has changed nothing.
    const running = operations.running().filter(({ state }) => state === 'running');
    const lines = [
      `${running.map(({ tool }) => tool.title).join(', ')}: still running.`,
      'Quitting stops it after the step at hand; what is done stays done.',
    ];
    if (running.length === 0 || (await dialogs.ask({ title: 'Quit', lines, asks: 'Quit now?', urgent: true }))) exit();
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
      ...(place.screen !== 'deploy' && { 'app.deploy': () => void openForm(dashboard) }),
      'app.palette': open({ kind: 'palette' }),
      'app.help': open({ kind: 'help' }),
      'app.context': open({ kind: 'contexts' }),
      ...(connection.state === 'open' && { 'app.namespace': open({ kind: 'namespaces' }) }),
      'app.command': open({ kind: 'command' }),
      ...(parentOf(place) && { 'app.back': () => void back() }),
      'app.older': () => navigation.dispatch({ type: 'older' }),
      'app.newer': () => navigation.dispatch({ type: 'newer' }),
      'app.theme': () => {
        const next = nextTheme(theme.snapshot());
        theme.set(next);
        flash.show(`Theme: ${themes[next].title}`);
      },
      ...(connection.state === 'open' && {
        'app.writing': () => {
          const now = access.toggle();
          flash.show(now.writing ? 'Changes are allowed.' : readOnlyWords(now), 'warn');
        },
      }),
      'app.refresh': () => {
        void connections.again();
        flash.show('Reading again …', 'busy');
      },
      'app.repaint': () => {
        repaint();
        flash.show('Repainted.');
      },
      'app.stop': () => flash.show(operations.stop() ? 'Stopping …' : 'Nothing runs.', 'warn'),
      'app.exit': () => void leave(),
      'app.quit': () => {
        if (!back()) void leave();
      },
    },
    { level: 'frame' },
  );
}
