import { age } from '../../foundry/ages.ts';
import type { DeploymentDetail } from '../../foundry/detail.ts';
import { span, type Tone } from '../text/line.ts';
import type { Column } from '../text/table.ts';

type Pod = DeploymentDetail['pods'][number];

const wellPhases: readonly string[] = ['Running', 'Succeeded', 'Terminating'];

/** What kubectl calls STATUS: the reason where there is one. */
function stateOf({ ready, phase, reason }: Pod): { readonly text: string; readonly tone: Tone } {
  if (ready) return { text: 'ready', tone: 'good' };
  if (reason !== null && !['ContainerCreating', 'PodInitializing'].includes(reason))
    return { text: reason, tone: 'bad' };
  return { text: reason ?? phase, tone: wellPhases.includes(phase) ? 'busy' : 'warn' };
}

export const podColumns: readonly Column<Pod>[] = [
  {
    id: 'name',
    title: 'POD',
    min: 20,
    max: 60,
    cut: 'middle',
    length: ({ name }) => name.length,
    priority: 0,
    cell: ({ name }) => span(name),
  },
  {
    id: 'role',
    title: 'ROLE',
    min: 8,
    priority: 4,
    wide: true,
    cell: ({ role }) => span(role ?? '?', 'accent'),
  },
  {
    id: 'state',
    title: 'STATE',
    min: 9,
    max: 20,
    length: (pod) => stateOf(pod).text.length,
    priority: 0,
    cell: (pod) => span(stateOf(pod).text, stateOf(pod).tone),
  },
  {
    id: 'restarts',
    title: 'RESTARTS',
    min: 8,
    align: 'right',
    priority: 3,
    wide: true,
    cell: ({ restarts }) => span(String(restarts), restarts > 0 ? 'warn' : 'dim'),
  },
  {
    id: 'node',
    title: 'NODE',
    min: 8,
    max: 30,
    length: ({ node }) => node?.length ?? 1,
    priority: 2,
    cell: ({ node }) => span(node ?? '-', 'dim'),
  },
  {
    id: 'age',
    title: 'AGE',
    min: 4,
    align: 'right',
    priority: 1,
    cell: ({ createdAt }, now) => span(age(createdAt, now), 'dim'),
  },
];
