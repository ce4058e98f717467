import { useMemo, useState } from 'react';
import type { Site } from '../../foundry/site.ts';
import { diagnoseDeployment } from '../../tools/diagnose-deployment.ts';
import { getDeploymentLogs } from '../../tools/get-deployment-logs.ts';
import { createFollowedLog, type FollowedLog } from '../data/followed-log.ts';
import { keyOf } from '../keys/table.ts';
import { useActions } from '../keys/use-actions.ts';
import { useDashboard } from '../state/dashboard.ts';
import type { DeploymentKey } from '../state/navigation.ts';
import { useLive } from '../state/use-live.ts';
import { worded } from '../state/worded.ts';
import { exactly, rule } from '../text/line.ts';
import { themes } from '../themes/themes.ts';
import { Rows } from '../widgets/rows.tsx';
import { lastTop, scrollActions, windowRows } from '../widgets/scrolling.ts';
import { answerLines } from './answer-lines.ts';
import { CommandPicker } from './command-picker.tsx';
import { privateWords } from './copy-choices.ts';
import { createLogRows, rowAt } from './log-rows.ts';
import type { OverlayProps, Size } from './overlay-panel.tsx';

interface FollowedProps extends Size {
  readonly deployment: DeploymentKey;
  readonly site: Site;
  /** Follows from the beginning again. */
  readonly onAgain: () => void;
}

/** The logs of a deployment as they are written. */
export function LogPage({ connection, ...props }: OverlayProps & Pick<FollowedProps, 'deployment'>) {
  const { width, height } = props;
  const [times, setTimes] = useState(1);
  if (connection) return <Followed key={times} {...props} site={connection.site} onAgain={() => setTimes(times + 1)} />;
  return <Rows lines={exactly(answerLines(undefined, '', width), height)} width={width} />;
}

/** At its end the page follows; above it stays on what one reads, whatever is added and dropped. */
function Followed({ site, deployment, width, height, onAgain }: FollowedProps) {
  const { navigation, options, theme } = useDashboard();
  const { asCommands, commandsIn, isPrivate = false } = options;
  const { glyphs } = themes[useLive(theme)];
  const [isCopying, setCopying] = useState(false);
  // The number of the row on top; absent = the last rows are shown.
  const [first, setFirst] = useState<number>();
  const log = useLive(useMemo(() => createFollowedLog(site, deployment), [site, deployment]));
  const layOut = useMemo(() => createLogRows(width), [width]);

  const { error } = log;
  const commands = error ? commandsIn(error.hint, { context: site.cluster.namedContext }) : [];
  const refused =
    error &&
    worded({ ok: false, error }, (text) => asCommands(text, getDeploymentLogs, { context: site.cluster.namedContext }));
  const note = isPrivate && commands.length > 0 ? privateWords : '';
  const rows = layOut(log, refused && answerLines(refused, note, width));
  const size = { rows: rows.lines.length, height: height - 1 };
  const most = lastTop(size);
  const top = first === undefined ? most : Math.min(most, rowAt(rows, first));
  const moves = scrollActions('screen', { ...size, top }, (to) => setFirst(to < most ? rows.numbers[to] : undefined));
  useActions(
    {
      ...moves,
      'deployment.diagnose': () =>
        navigation.dispatch({
          type: 'open',
          overlay: { kind: 'answer', tool: diagnoseDeployment, input: { ...deployment } },
        }),
      'page.close': () => navigation.dispatch({ type: 'close' }),
      ...(log.state === 'ended' && { 'page.again': onAgain }),
      ...(commands.length > 0 && { 'page.copy': () => setCopying(true) }),
    },
    { level: 'panel' },
  );
  if (isCopying)
    return <CommandPicker commands={commands} width={width} height={height} onClose={() => setCopying(false)} />;
  const title = `${getDeploymentLogs.title}: ${deployment.namespace}/${deployment.name}, ${stateWords(log, first === undefined)}`;
  return (
    <>
      <Rows lines={[rule(title, width, glyphs.horizontal)]} width={width} />
      <Rows lines={windowRows(rows.lines, { top, height: size.height })} width={width} />
    </>
  );
}

function stateWords({ state }: FollowedLog, isAtEnd: boolean): string {
  if (state === 'opening') return 'asking …';
  if (state === 'broken') return 'broken off, trying again';
  if (state === 'ended') return `ended, ${keyOf('page.again')} begins anew`;
  return isAtEnd ? 'following' : `paused, ${keyOf('list.last')} follows`;
}
