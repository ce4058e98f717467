import type { Deployment } from '../../foundry/deployment.ts';
import { reasonWords } from '../../foundry/reason-words.ts';
import { keyOf } from '../keys/table.ts';
import { cut, wrap } from '../text/cells.ts';
import { exactly, type Line, line, span } from '../text/line.ts';
import { phaseOf, phaseTones } from './columns.ts';
import type { Finding } from './use-finding.ts';

/** In one sentence why a deployment is not Running, by its diagnosis where there is one, or where it serves. */
export function whyLines(row: Deployment | undefined, width: number, finding?: Finding): readonly Line[] {
  if (!row) return exactly([], whyHeight);
  const runs = row.phase === 'Running' && !row.upgrading;
  const head = runs ? ' OK  ' : ' WHY ';
  const text = `${row.name}: ${runs ? servingText(row) : finding ? findingText(row, finding) : stateText(row)}`;
  const all = wrap(text, width - head.length - 1);
  const rows = all.slice(0, whyHeight);
  // The rest stands in the detail.
  if (all.length > whyHeight) {
    rows[whyHeight - 1] = cut(all.slice(whyHeight - 1).join(' '), width - head.length - 1);
  }
  const lines = rows.map((part, index) =>
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

/** What is changed in the form needs the evidence more than the call. */
const findingText = ({ phase }: Deployment, finding: Finding): string => {
  const { code, title, evidence, fix } = finding;
  const editing = editingOf(finding);
  const how = editing === undefined ? `Fix: ${fix}` : `${editing}. ${evidence.source}: ${evidence.line}`;
  return `${phase ?? 'unreadable'}, ${code}: ${title} ${how}`;
};

const stateText = ({ phase, reason, message, upgrading, stale }: Deployment): string =>
  [
    phase ?? 'unreadable',
    reason === '' || reason === phase ? '' : ` (${reasonWords(reason)})`,
    upgrading ? ', upgrading' : '',
    stale ? ', what is known may be old' : '',
    message === '' ? '' : `: ${message}`,
  ].join('');
