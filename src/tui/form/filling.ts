import type { Deployment } from '../../foundry/deployment.ts';
import { runtimeOffers } from '../../foundry/runtime-offers.ts';
import type { OpenConnection } from '../data/connection.ts';
import { idOf } from '../deployments/list-view.ts';
import { keyOf } from '../keys/table.ts';
import type { Dashboard } from '../state/dashboard.ts';
import type { DeploymentKey } from '../state/navigation.ts';
import type { Store } from '../state/source.ts';
import { type Draft, type DraftAction, isChanged } from './draft.ts';
import { isAdvanced, textsOf } from './form.ts';

/** Fills the form with what a deployment asks for, under a name that is free, and opens it. A draft is given up only with a yes. */
export const duplicate = (dashboard: Dashboard, connection: OpenConnection, row: Deployment): Promise<void> =>
  fill(dashboard, connection, row, 'Duplicate');

/** The same under its own name: what is then sent replaces it. What others made is never replaced, so it is refused here. */
export const edit = (dashboard: Dashboard, connection: OpenConnection, row: Deployment): Promise<void> =>
  fill(dashboard, connection, row, 'Edit');

/** Opens the form for a new deployment: with what was written of one before, but never with an edit that was left. */
export async function openForm(dashboard: Dashboard): Promise<void> {
  const connection = dashboard.connections.snapshot();
  if (connection.state === 'open') {
    const draft = dashboard.draftOf(connection.site.context);
    const now = draft.snapshot();
    if (now.replaces || !isChanged(now)) {
      if (!(await mayBeginAnew(dashboard, draft, 'New deployment'))) return;
      draft.dispatch({ type: 'begin', texts: {} });
    }
  }
  dashboard.go({ screen: 'deploy' });
}

/** Whether what stands in the form may be given up; asked only where somebody changed it. */
export async function mayBeginAnew(
  { dialogs }: Dashboard,
  draft: Store<Draft, DraftAction>,
  title: string,
): Promise<boolean> {
  const now = draft.snapshot();
  if (!isChanged(now)) return true;
  const { replaces, texts } = now;
  const held = replaces ? `an edit of ${replaces.namespace}/${replaces.name}` : 'a draft';
  const lines = [`The form holds ${held}, which would be lost:`, Object.values(texts).join('  ')];
  return dialogs.ask({ title, lines, asks: `Give the ${replaces ? 'edit' : 'draft'} up?` });
}

async function fill(
  dashboard: Dashboard,
  { listing, site: { context } }: OpenConnection,
  row: Deployment,
  how: 'Duplicate' | 'Edit',
): Promise<void> {
  const { flash, go } = dashboard;
  const draft = dashboard.draftOf(context);
  const { name: own, namespace, runtime } = row;
  const key: DeploymentKey = { name: own, namespace, runtime };
  if (how === 'Edit' && !row.managed) {
    const copying = keyOf('deployment.duplicate');
    return flash.show(
      `${own} was made by others and is not replaced from here. ${copying} copies it into the form under another name.`,
      'warn',
    );
  }
  const left = draft.snapshot();
  if (how === 'Edit' && isChanged(left) && left.replaces && idOf(left.replaces) === idOf(key)) {
    go({ screen: 'deploy' });
    return flash.show('The edit stands here as it was left.');
  }
  const asked = listing.asked(row);
  if (!asked) return flash.show(`${own} cannot be read, so it cannot stand in the form.`, 'bad');
  if (!(await mayBeginAnew(dashboard, draft, `${how} ${own}`))) return;
  const beside = listing.snapshot().deployments.filter((other) => other.namespace === namespace);
  const taken = beside.map((other) => other.name);
  const name = how === 'Edit' ? own : freeName(own, taken);
  const isUsual = runtimeOffers.some(({ id, defaultNamespace }) => id === runtime && defaultNamespace === namespace);
  // The usual namespace goes on following the runtime.
  const texts = textsOf({ ...asked, name, runtime, ...(!isUsual && { namespace }) });
  draft.dispatch({
    type: 'begin',
    texts,
    isOpen: isAdvanced(texts),
    ...(how === 'Edit' ? { replaces: key } : { copies: key }),
  });
  go({ screen: 'deploy' });
  if (!row.managed) flash.show('Made by others: what the form has no field for is not copied.', 'warn');
}

/** Letters of a name that is left for the rest; both runtimes take at least that many. */
const longestStem = 30;

/** `qwen` → `qwen-copy`, `qwen-copy-2` … */
export function freeName(name: string, taken: readonly string[]): string {
  const stem = `${name.replace(/-copy(-\d+)?$/, '').slice(0, longestStem)}-copy`;
  let free = stem;
  for (let count = 2; taken.includes(free); count += 1) free = `${stem}-${count}`;
  return free;
}
