import { at, listOr } from '../objects/json.ts';
import { selectorText } from '../objects/label-selector.ts';
import type { ApiObject } from '../objects/object.ts';
import { duration } from './age.ts';
import { ageOf, numberOf, type Rows, textOf } from './cell.ts';

const containersOf = (object: ApiObject): readonly [names: string, images: string] => {
  const containers = listOr(at(object, 'spec', 'template', 'spec', 'containers'));
  const column = (field: string) => containers.map((container) => textOf(container, field)).join(',');
  return [column('name'), column('image')];
};

const selectorOf = (object: ApiObject): string => selectorText(at(object, 'spec', 'selector')) || '<none>';

function jobStatus(job: ApiObject): string {
  const holds = (type: string) =>
    listOr(at(job, 'status', 'conditions')).some(
      (condition) => at(condition, 'type') === type && at(condition, 'status') === 'True',
    );
  const words = ['Complete', 'Failed', 'Suspended'].find(holds);
  return words ?? (job.metadata.deletionTimestamp === undefined ? 'Running' : 'Terminating');
}

function jobDuration(job: ApiObject): string {
  const start = Date.parse(textOf(job, 'status', 'startTime'));
  const end = Date.parse(textOf(job, 'status', 'completionTime'));
  return Number.isNaN(start) ? '' : duration(((Number.isNaN(end) ? Date.now() : end) - start) / 1000);
}

/** What makes pods. */
export const workloadRows: { readonly [table: string]: Rows } = {
  'deployments.apps': {
    columns: ['Name', 'Ready', 'Up-to-date', 'Available', 'Age', 'Containers 1', 'Images 1', 'Selector 1'],
    cells: (deployment) => [
      deployment.metadata.name,
      `${numberOf(deployment, 'status', 'readyReplicas')}/${numberOf(deployment, 'spec', 'replicas')}`,
      numberOf(deployment, 'status', 'updatedReplicas'),
      numberOf(deployment, 'status', 'availableReplicas'),
      ageOf(deployment),
      ...containersOf(deployment),
      selectorOf(deployment),
    ],
  },
  'replicasets.apps': {
    columns: [
      'Name',
      'Desired integer',
      'Current integer',
      'Ready integer',
      'Age',
      'Containers 1',
      'Images 1',
      'Selector 1',
    ],
    cells: (set) => [
      set.metadata.name,
      numberOf(set, 'spec', 'replicas'),
      numberOf(set, 'status', 'replicas'),
      numberOf(set, 'status', 'readyReplicas'),
      ageOf(set),
      ...containersOf(set),
      selectorOf(set),
    ],
  },
  'statefulsets.apps': {
    columns: ['Name', 'Ready', 'Age', 'Containers 1', 'Images 1'],
    cells: (set) => [
      set.metadata.name,
      `${numberOf(set, 'status', 'readyReplicas')}/${numberOf(set, 'spec', 'replicas')}`,
      ageOf(set),
      ...containersOf(set),
    ],
  },
  'jobs.batch': {
    columns: ['Name', 'Status', 'Completions', 'Duration', 'Age', 'Containers 1', 'Images 1', 'Selector 1'],
    cells: (job) => [
      job.metadata.name,
      jobStatus(job),
      `${numberOf(job, 'status', 'succeeded')}/${numberOf(job, 'spec', 'completions') || 1}`,
      jobDuration(job),
      ageOf(job),
      ...containersOf(job),
      selectorOf(job),
    ],
  },
};
