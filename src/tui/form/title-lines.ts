import { runtimeOffers } from '../../foundry/runtime-offers.ts';
import type { DeploymentKey } from '../state/navigation.ts';
import { wrap } from '../text/cells.ts';
import { type Line, line, span, type Tone } from '../text/line.ts';
import type { Draft } from './draft.ts';
import type { Form } from './form.ts';

/** What the form is about. It stays above the fields, whichever of them are seen. */
export function titleLines(
  { replaces, copies }: Pick<Draft, 'replaces' | 'copies'>,
  { isReplacing }: Pick<Form, 'isReplacing'>,
  width: number,
): readonly Line[] {
  const rows = (words: string, tone: Tone) => wrap(words, width - 2).map((row) => line(' ', span(row, tone)));
  if (!replaces) return rows(copies ? `Copy of ${inWords(copies)}` : 'New deployment', 'title');
  if (isReplacing) return rows(`Edit ${inWords(replaces)}`, 'title');
  return [
    ...rows('New deployment', 'title'),
    ...rows(`${inWords(replaces)} stays as it is; this makes another deployment.`, 'warn'),
  ];
}

function inWords({ namespace, name, runtime }: DeploymentKey): string {
  const offer = runtimeOffers.find(({ id }) => id === runtime);
  return `${namespace}/${name} on ${offer?.title ?? runtime}`;
}
