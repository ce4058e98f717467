import type { Deployment } from '../../foundry/deployment.ts';
import type { ListState } from '../state/list.ts';
import { markOf } from './list-view.ts';

/** What a change is made to: what is marked, also where the filter hides it, or else what is selected. */
export function targetsOf(
  deployments: readonly Deployment[],
  { marked }: Pick<ListState, 'marked'>,
  selected: Deployment | undefined,
): readonly Deployment[] {
  if (marked.size === 0) return selected ? [selected] : [];
  const found = deployments.filter((row) => marked.has(markOf(row)));
  // What is being read anew may not be there yet; a part of what is marked is not what was meant.
  return found.length === marked.size ? found : [];
}

/** How many are marked, and how many of them are not seen. */
export function markedWords({ marked, filter, faultsOnly }: ListState, shown: () => readonly string[]): string {
  if (marked.size === 0) return '';
  const words = `${marked.size} marked`;
  if (filter === '' && !faultsOnly) return words;
  const hidden = marked.size - shown().filter((mark) => marked.has(mark)).length;
  if (hidden === 0) return words;
  return `${words}, ${hidden === marked.size ? '' : `${hidden} `}hidden by the filter`;
}

/** How many of so many are not seen in the list, as a sentence. */
export function hiddenWords(all: number, shown: number): string | undefined {
  const hidden = all - shown;
  if (hidden === 0) return undefined;
  if (all === 1) return 'It is not shown: the filter hides it.';
  if (shown === 0) return 'None of them is shown: the filter hides them.';
  return `${hidden} of them ${hidden === 1 ? 'is not shown: the filter hides it' : 'are not shown: the filter hides them'}.`;
}

/** One deployment by its name, several by number and names. */
export const subjectOf = (
  rows: readonly Deployment[],
  nameOf: (row: Deployment) => string = ({ name }) => name,
): string => {
  const names = rows.map(nameOf);
  return names.length === 1 ? names.join() : `${names.length} deployments (${names.join(', ')})`;
};
