import type { Deployment } from '../../foundry/deployment.ts';
import { runtimeOffers } from '../../foundry/runtime-offers.ts';
import type { OpenConnection } from '../data/connection.ts';
import { keyOf } from '../keys/table.ts';
import type { Dashboard } from '../state/dashboard.ts';
import { isChanged } from './draft.ts';
import { isAdvanced, textsOf } from './form.ts';

/** Fills the form with what a deployment asks for, under a name that is free, and opens it. A draft is given up only with a yes. */
export const duplicate = (dashboard: Dashboard, connection: OpenConnection, row: Deployment): Promise<void> =>
  fill(dashboard, connection, row, 'Duplicate');

/** The same under its own name: what is then sent replaces it. What others made is never replaced, so it is refused here. */
export const edit = (dashboard: Dashboard, connection: OpenConnection, row: Deployment): Promise<void> =>
  fill(dashboard, connection, row, 'Edit');

/** Whether what stands in the form may be given up; asked only where somebody changed it. */
export async function mayBeginAnew({ dialogs, draft }: Dashboard, title: string): Promise<boolean> {
  const now = draft.snapshot();
  const lines = ['The form holds a draft, which would be lost:', Object.values(now.texts).join('  ')];
  return !isChanged(now) || dialogs.ask({ title, lines, asks: 'Give the draft up?' });
}

async function fill(
  dashboard: Dashboard,
  { listing, site: { context } }: OpenConnection,
  row: Deployment,
  how: 'Duplicate' | 'Edit',
): Promise<void> {
  const { draft, flash, go } = dashboard;
  if (how === 'Edit' && !row.managed) {
    const key = keyOf('deployment.duplicate');
    return flash.show(
      `${row.name} was made by others and is not replaced from here. ${key} copies it into the form under another name.`,
      'warn',
    );
  }
  const asked = listing.asked(row);
  if (!asked) return flash.show(`${row.name} cannot be read, so it cannot stand in the form.`, 'bad');
  if (!(await mayBeginAnew(dashboard, `${how} ${row.name}`))) return;
  const { namespace, runtime } = row;
  const beside = listing.snapshot().deployments.filter((other) => other.namespace === namespace);
  const taken = beside.map((other) => other.name);
  const name = how === 'Edit' ? row.name : freeName(row.name, taken);
  const isUsual = runtimeOffers.some(({ id, defaultNamespace }) => id === runtime && defaultNamespace === namespace);
  // The usual namespace goes on following the runtime.
  const texts = textsOf({ ...asked, name, runtime, ...(!isUsual && { namespace }) });
  draft.dispatch({
    type: 'begin',
    texts,
    isOpen: isAdvanced(texts),
    ...(how === 'Edit' && { replaces: { context, name, namespace, runtime } }),
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
