import { useLayoutEffect, useState } from 'react';
import type { CallResult } from '../../tools/call.ts';
import { deployModel } from '../../tools/deploy-model.ts';
import { idOf } from '../deployments/list-view.ts';
import { yamlLines } from '../deployments/yaml-lines.ts';
import type { ScreenProps } from '../frame/screens.ts';
import { useStatus } from '../frame/use-status.ts';
import { readOnlyWords } from '../state/access.ts';
import { type Dashboard, useDashboard } from '../state/dashboard.ts';
import { isGoing } from '../state/operations.ts';
import { useLive } from '../state/use-live.ts';
import { wrap } from '../text/cells.ts';
import { beside, exactly, type Line, line, rule, span } from '../text/line.ts';
import { themes } from '../themes/themes.ts';
import { Rows } from '../widgets/rows.tsx';
import { Scrolled } from '../widgets/scrolled.tsx';
import { type Check, useCheck } from './check.ts';
import { stopOf } from './draft.ts';
import { endLine } from './end-line.ts';
import { formOf } from './form.ts';
import { formView, topOf } from './form-lines.ts';
import { useFormKeys } from './keys.ts';
import { titleLines } from './title-lines.ts';
import { refused, verdictOf } from './verdict.ts';

/** Columns of the terminal from which the preview stands beside the form. */
const wideEnough = 130;
/** A rule and the row that sends the form off. */
const endHeight = 2;

/** What is to be deployed, judged while it is written. Leaving keeps it. */
export function DeployScreen({ connection, width, height }: ScreenProps<'deploy'>) {
  const dashboard = useDashboard();
  const { connections, go, lists, operations, theme: themeCell } = dashboard;
  const { context } = connection.site;
  const store = dashboard.draftOf(context);
  const theme = themes[useLive(themeCell)];
  const draft = useLive(store);
  const { value: status } = useLive(connection.runtimes);
  const form = formOf(draft, status?.runtimes);
  const check = useCheck(form);
  const access = useLive(dashboard.access);
  const verdict = access.writing ? verdictOf(form, check) : refused(readOnlyWords(access));
  const isSending = useLive(operations).some((one) => one.tool.name === deployModel.name && isGoing(one));
  const isWide = width >= wideEnough;
  const [previews, setPreviews] = useState({ beside: true, instead: false });
  const preview = isWide ? previews.beside : previews.instead;
  const togglePreview = () =>
    setPreviews(isWide ? { ...previews, beside: !preview } : { ...previews, instead: !preview });
  const [from, setFrom] = useState(0);
  const at = stopOf(draft, form.stops);

  const head = titleLines(draft, form, width);
  const room = height - head.length - endHeight;
  const yaml = previewLines(check, isWide ? Math.floor(width / 2) : width);
  const most = Math.max(0, yaml.length - room);

  useLayoutEffect(
    () => () => {
      // A question, or a page, over the form is no leaving.
      if (!isSeen(dashboard, context)) store.dispatch({ type: 'leave' });
    },
    [dashboard, context, store],
  );

  async function send(): Promise<void> {
    // What serves already is changed only once its plan was shown, as by every other key.
    const tool = form.isReplacing ? { ...deployModel, asks: true } : deployModel;
    const result = await dashboard.run(tool, form.input);
    if (!result?.ok) return;
    if (store.snapshot().texts === draft.texts) store.dispatch({ type: 'begin', texts: {} });
    if (!isConnected(dashboard, context)) return;
    const { change, deployment } = deployedOf(result);
    const { name, namespace, runtime } = deployment;
    const { runtimes } = connection.listing.snapshot();
    // A view of another namespace, or from before the runtime was installed, would not show it.
    if (connection.namespace !== undefined && connection.namespace !== namespace) connections.scope(undefined);
    else if (runtimes.some((one) => one.runtime === runtime && one.state === 'not_installed')) void connections.again();
    if (!isSeen(dashboard, context)) return;
    const key = { name, namespace, runtime };
    lists.deployments.dispatch({ type: 'choose', id: idOf(key), isAwaited: true });
    const made = change === 'created' ? { madeAt: dashboard.now().getTime() } : {};
    go({ screen: 'deployment', deployment: key, tab: 'overview', ...made });
  }

  useFormKeys(form, {
    store,
    verdict,
    isSending,
    send: () => void send(),
    togglePreview,
    ...(isWide && preview && { scrollPreview: (by) => setFrom(Math.max(0, Math.min(most, from + by * (room - 2)))) }),
  });
  useStatus(form.fields.find(({ field }) => at === field.id || at.startsWith(`${field.id}:`))?.field.help ?? '');

  const end = [
    rule('', width, theme.glyphs.horizontal),
    endLine(verdict, { isAt: at === 'deploy', isSending, check, isReplacing: form.isReplacing }),
  ];
  if (preview && !isWide) {
    return (
      <>
        <Rows lines={head} width={width} />
        <Scrolled
          lines={yaml}
          width={width}
          height={room}
          level="panel"
          actions={{ 'form.preview': togglePreview, 'page.close': togglePreview }}
        />
        <Rows lines={end} width={width} />
      </>
    );
  }
  const isSplit = preview && isWide;
  const own = isSplit ? Math.floor(width / 2) : width;
  const view = formView({ form, draft, check, width: own, theme });
  const top = topOf(view, room);
  const rows = exactly(view.lines.slice(top, top + room), room);
  const first = Math.min(from, most);
  const left = yaml.length - first - room;
  const shown = yaml.slice(first, first + room);
  const more = line(span(` … ${left + 1} more rows: PgDn`, 'dim'));
  const right = left > 0 ? [...shown.slice(0, -1), more] : shown;
  const lines = isSplit ? beside(rows, right, [own, width - own - 3], theme.glyphs.vertical) : rows;
  return <Rows lines={[...head, ...lines, ...end]} width={width} />;
}

/** Whether it is still this context that is looked at, and in it the form. */
function isConnected({ connections }: Dashboard, context: string): boolean {
  const now = connections.snapshot();
  return now.state === 'open' && now.site.context === context;
}

const isSeen = (dashboard: Dashboard, context: string): boolean =>
  isConnected(dashboard, context) && dashboard.navigation.snapshot().place.screen === 'deploy';

const deployedOf = (result: Extract<CallResult, { ok: true }>) => deployModel.output.parse(result.data);

/** The manifests as the server got them for its dry run. */
function previewLines({ planned, problems }: Check, width: number): readonly Line[] {
  if (planned && planned.manifests !== '') return yamlLines(planned.manifests);
  const words =
    problems.length > 0
      ? 'No manifest as long as something is wrong.'
      : 'The manifest stands here once it can be built.';
  return wrap(words, width - 6).map((row) => line('   ', span(row, 'dim')));
}
