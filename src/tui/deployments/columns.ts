import { age } from '../../foundry/ages.ts';
import type { Deployment } from '../../foundry/deployment.ts';
import { badges } from '../runtimes/badges.ts';
import { span, type Tone } from '../text/line.ts';
import type { Column } from '../text/table.ts';
import { isFault, ownerOf } from './filter.ts';

/** How a phase looks; null = the object cannot be read. */
export const phaseTones: Readonly<Record<NonNullable<Deployment['phase']> | 'unreadable', Tone>> = {
  Running: 'good',
  Deploying: 'busy',
  Pending: 'warn',
  Degraded: 'warn',
  Failed: 'bad',
  Suspended: 'dim',
  Deleting: 'dim',
  unreadable: 'bad',
};

/** Worst first: what one sorts by phase for. */
const phaseOrder: readonly (keyof typeof phaseTones)[] = [
  'unreadable',
  'Failed',
  'Degraded',
  'Pending',
  'Deploying',
  'Deleting',
  'Running',
  'Suspended',
];

export const phaseOf = ({ phase }: Pick<Deployment, 'phase'>): keyof typeof phaseTones => phase ?? 'unreadable';

const ratio = ({ ready, desired }: { readonly ready: number | null; readonly desired: number | null }): string =>
  `${ready ?? '?'}/${desired ?? '?'}`;

/** A model without the organisation that published it, which all rows of one would share. */
const modelName = (model: string | null): string => model?.slice(model.lastIndexOf('/') + 1) ?? '?';

const created = ({ createdAt }: Deployment): number | null => {
  const time = createdAt === null ? Number.NaN : Date.parse(createdAt);
  return Number.isNaN(time) ? null : -time;
};

/** The columns of the list, from left to right. */
export const deploymentColumns: readonly Column<Deployment>[] = [
  {
    id: 'name',
    title: 'NAME',
    min: 16,
    max: 44,
    length: ({ name }) => name.length,
    priority: 0,
    cell: ({ name }) => span(name),
    sort: ({ name }) => name,
  },
  {
    id: 'namespace',
    title: 'NAMESPACE',
    min: 10,
    max: 22,
    length: ({ namespace }) => namespace.length,
    priority: 5,
    cell: ({ namespace }) => span(namespace, 'dim'),
    sort: ({ namespace }) => namespace,
  },
  {
    id: 'runtime',
    title: 'RT',
    min: 3,
    priority: 0,
    cell: ({ runtime }) => span(badges[runtime], 'accent'),
    sort: ({ runtime }) => runtime,
  },
  {
    id: 'model',
    title: 'MODEL',
    min: 12,
    max: 40,
    length: ({ model }) => modelName(model).length,
    priority: 6,
    cell: ({ model }) => span(modelName(model)),
    sort: ({ model }) => (model === null ? null : modelName(model).toLowerCase()),
  },
  {
    id: 'engine',
    title: 'ENGINE',
    min: 6,
    priority: 8,
    wide: true,
    cell: ({ engine }) => span(engine ?? '?', 'dim'),
    sort: ({ engine }) => engine,
  },
  {
    id: 'mode',
    title: 'MODE',
    min: 6,
    max: 13,
    length: ({ mode }) => mode?.length ?? 1,
    priority: 9,
    wide: true,
    cell: ({ mode }) => span(mode ?? '?', 'dim'),
    sort: ({ mode }) => mode,
  },
  {
    id: 'phase',
    title: 'PHASE',
    min: 10,
    priority: 0,
    cell: (row) => span(phaseOf(row), phaseTones[phaseOf(row)]),
    sort: (row) => phaseOrder.indexOf(phaseOf(row)),
  },
  {
    id: 'ready',
    title: 'RDY',
    min: 4,
    align: 'right',
    priority: 2,
    cell: ({ replicas }) => span(ratio(replicas), replicas.ready === replicas.desired ? undefined : 'warn'),
    sort: ({ replicas: { ready, desired } }) => (ready === null || desired === null ? null : ready - desired),
  },
  {
    id: 'gpus',
    title: 'GPU',
    min: 3,
    align: 'right',
    priority: 7,
    cell: ({ gpus }) => span(gpus === null ? '?' : String(gpus)),
    sort: ({ gpus }) => gpus,
  },
  {
    id: 'owner',
    title: 'OWNER',
    min: 11,
    priority: 10,
    wide: true,
    cell: ({ managed }) => span(ownerOf(managed), 'dim'),
    sort: ({ managed }) => ownerOf(managed),
  },
  {
    id: 'age',
    title: 'AGE',
    min: 4,
    align: 'right',
    priority: 1,
    cell: ({ createdAt }, now) => span(age(createdAt, now), 'dim'),
    sort: created,
  },
  {
    id: 'flags',
    title: '',
    min: 2,
    priority: 3,
    cell: (row) => span(flagsOf(row), 'warn'),
  },
];

/** What stands behind a row, the first of the first three that holds, and what it means. */
export const flags = {
  fault: ['!', 'something is the matter with it'],
  upgrading: ['^', 'a rollout is under way'],
  stale: ['~', 'what is shown may be old'],
  foreign: ['o', 'made by others, not by KubeFoundry'],
} as const;

function flagsOf(row: Deployment): string {
  const { fault, upgrading, stale, foreign } = flags;
  const state = isFault(row) ? fault : row.upgrading ? upgrading : row.stale ? stale : [' '];
  return `${state[0]}${row.managed ? '' : foreign[0]}`;
}
