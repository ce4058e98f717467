import { age } from '../../foundry/ages.ts';
import type { DeploymentDetail } from '../../foundry/detail.ts';
import { reasonWords } from '../../foundry/reason-words.ts';
import { badges } from '../runtimes/badges.ts';
import type { Finding } from '../state/diagnosed.ts';
import { toWidth, wrap } from '../text/cells.ts';
import { blank, type Line, line, type Span, span } from '../text/line.ts';
import { plainTable } from '../text/table.ts';
import { phaseOf, phaseTones } from './columns.ts';
import { podColumns } from './pods.ts';
import { editingOf, endpointUrl } from './why.ts';

interface ViewOptions {
  readonly width: number;
  readonly now: Date;
  /** Why it does not run, where that was found. */
  readonly finding?: Finding | undefined;
}

const labelWidth = 11;
const field = (label: string, ...value: readonly (Span | string)[]): Line =>
  line(' ', span(toWidth(label, labelWidth), 'dim'), ...value);

const wrapped = (label: string, text: string, width: number): readonly Line[] =>
  wrap(text, width - labelWidth - 2).map((part, index) => field(index === 0 ? label : '', part));

/** What it is, why it is as it is, and who does the work, by role. */
export function overviewLines(row: DeploymentDetail, { width, now, finding }: ViewOptions): readonly Line[] {
  const phase = phaseOf(row);
  const { ready, desired } = row.replicas;
  return [
    line(' ', span(row.name, 'title'), '  ', span(badges[row.runtime], 'accent'), '  ', span(phase, phaseTones[phase])),
    blank,
    ...(row.phase === 'Running' && !row.upgrading ? [] : causeLines(row, finding, width)),
    field('namespace', row.namespace),
    field('runtime', `${row.runtime} (${row.kind} ${row.apiVersion})`),
    field('model', row.model ?? '?', servedAs(row)),
    field('engine', `${row.engine ?? '?'}${row.mode === null ? '' : `, ${row.mode}`}`),
    field('replicas', `${ready ?? '?'} of ${desired ?? '?'} ready`, row.upgrading ? ', a rollout is under way' : ''),
    field('GPUs', row.gpus === null ? '?' : String(row.gpus)),
    field('endpoint', row.endpoint ? endpointUrl(row.endpoint) : span('none yet', 'dim')),
    field('made by', row.managed ? 'KubeFoundry' : 'others'),
    field('age', age(row.createdAt, now)),
    ...(row.stale ? [field('note', span('what is known may be old', 'warn'))] : []),
    blank,
    ...roleLines(row, { width, now }),
  ];
}

const servedAs = ({ model, servedModelName }: DeploymentDetail): string =>
  servedModelName === null || servedModelName === model ? '' : `, served as ${servedModelName}`;

/** The cause that diagnosis names with its whole fix, then what was said of it; the state's own words where they say more. */
function causeLines(row: DeploymentDetail, finding: Finding | undefined, width: number): readonly Line[] {
  const { reason, message, phase } = row;
  const own = [reason === phase ? '' : reasonWords(reason), message].filter((part) => part !== '').join(': ');
  if (finding === undefined) return [...wrapped('why', own, width), blank];
  const { code, title, evidence, fix } = finding;
  const editing = editingOf(finding);
  return [
    ...wrapped('cause', `${code}: ${title}`, width),
    ...wrapped('fix', editing === undefined ? fix : `${editing}: ${fix}`, width),
    ...wrapped('evidence', `${evidence.source}: ${evidence.line}`, width),
    ...(evidence.line.includes(message) ? [] : wrapped('why', own, width)),
    blank,
  ];
}

/** The pods under the roles that they play; roles without pods are shown all the same. */
function roleLines(row: DeploymentDetail, { width, now }: { readonly width: number; readonly now: Date }) {
  const known = row.roles.map(({ role }) => role);
  const others = row.pods.filter(({ role }) => role === null || !known.includes(role));
  const sections = [
    ...row.roles.map((role) => ({
      title: `${role.role}  ${role.ready ?? '?'}/${role.desired ?? '?'}${role.gpus ? `  ${role.gpus} GPU each` : ''}`,
      pods: row.pods.filter((pod) => pod.role === role.role),
    })),
    ...(others.length > 0 ? [{ title: 'other pods', pods: others }] : []),
  ];
  return sections.flatMap(({ title, pods }) => [
    line(' ', span(title, 'title')),
    ...plainTable(podColumns, pods, { width: width - 3, now, wide: false })
      .slice(1)
      .map(({ spans }) => line('   ', ...spans)),
  ]);
}
