import type { Deployment } from '../../foundry/deployment.ts';
import { reasonWords } from '../../foundry/reason-words.ts';
import { keyOf } from '../keys/table.ts';
import type { Finding } from '../state/diagnosed.ts';
import { cut, wrap } from '../text/cells.ts';
import { exactly, type Line, line, span } from '../text/line.ts';
import { phaseOf, phaseTones } from './columns.ts';

/** In one sentence why a deployment is not Running, by its diagnosis where there is one, or where it serves. */
export function whyLines(row: Deployment | undefined, width: number, finding?: Finding): readonly Line[] {
  if (!row) return exactly([], whyHeight);
  const runs = row.phase === 'Running' && !row.upgrading;
  const head = runs ? ' OK  ' : ' WHY ';
  const room = width - head.length - 1;
  const text = runs ? servingText(row) : finding ? causeText(row, finding) : stateText(row);
  const lines = rowsOf(`${row.name}: ${text}`, runs ? undefined : finding, room).map((part, index) =>
    line(span(index === 0 ? head : ' '.repeat(head.length), phaseTones[phaseOf(row)]), part),
  );
  return exactly(lines, whyHeight);
}

export const whyHeight = 2;

const servingText = ({ model, endpoint }: Deployment): string =>
  [`serves ${model ?? 'a model that its manifest does not name'}`, endpoint ? ` at ${endpointUrl(endpoint)}` : ''].join(
    '',
  );

export const endpointUrl = ({ service, namespace, port }: NonNullable<Deployment['endpoint']>): string =>
  `http://${service}.${namespace}:${port}/v1`;

/** How a fix that changes the deployment itself is made here: in the form. Undefined for any other. */
export const editingOf = ({ isEdit }: Finding): string | undefined =>
  isEdit ? `${keyOf('deployment.edit')} edits it` : undefined;

const causeText = ({ phase }: Deployment, { code, title }: Finding): string =>
  `${phase ?? 'unreadable'}, ${code}: ${title}`;

/** A part of a command is worse than none: where there is no room for the whole fix, the key that shows it stands there. */
function rowsOf(text: string, finding: Finding | undefined, room: number): readonly string[] {
  if (!finding) return shortened(text, '', room);
  const { evidence, fix } = finding;
  const editing = editingOf(finding);
  // What is changed in the form needs the evidence more than the call.
  if (editing !== undefined) return shortened(`${text} ${editing}. ${evidence.source}: ${evidence.line}`, '', room);
  const whole = wrap(`${text} Fix: ${fix}`, room);
  return whole.length <= whyHeight ? whole : shortened(text, ` ${keyOf('list.open')} shows the fix.`, room);
}

/** As much of the text as there is room for, and the whole end; the rest stands in the detail. */
function shortened(text: string, end: string, room: number): readonly string[] {
  const all = wrap(`${text}${end}`, room);
  if (all.length <= whyHeight) return all;
  const rows = wrap(text, room);
  return [...rows.slice(0, whyHeight - 1), `${cut(rows.slice(whyHeight - 1).join(' '), room - end.length)}${end}`];
}

const stateText = ({ phase, reason, message, upgrading, stale }: Deployment): string =>
  [
    phase ?? 'unreadable',
    reason === '' || reason === phase ? '' : ` (${reasonWords(reason)})`,
    upgrading ? ', upgrading' : '',
    stale ? ', what is known may be old' : '',
    message === '' ? '' : `: ${message}`,
  ].join('');
