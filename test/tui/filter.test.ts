import { expect, test } from 'vitest';
import type { Deployment } from '../../src/foundry/deployment.ts';
import { doubtOf } from '../../src/tui/deployments/filter.ts';
import { choose } from '../../src/tui/deployments/list-view.ts';

const row = (name: string, more: Partial<Deployment> = {}): Deployment => ({
  name,
  namespace: 'team-a',
  runtime: 'dynamo',
  kind: 'DynamoGraphDeployment',
  apiVersion: 'nvidia.com/v1beta1',
  model: 'Qwen/Qwen3-0.6B',
  servedModelName: null,
  engine: 'vllm',
  mode: 'aggregated',
  phase: 'Running',
  reason: 'Ready',
  message: '',
  upgrading: false,
  stale: false,
  managed: true,
  replicas: { desired: 1, ready: 1 },
  roles: [],
  gpus: 1,
  endpoint: null,
  createdAt: '2026-01-01T00:00:00Z',
  ...more,
});

const rows = [
  row('llama-70b', { model: 'meta-llama/Llama-3.3-70B', phase: 'Failed', reason: 'ImagePullBackOff' }),
  row('qwen', { runtime: 'kuberay', namespace: 'team-b', createdAt: '2026-01-03T00:00:00Z' }),
  row('phi', { managed: false, phase: 'Pending', createdAt: '2026-01-02T00:00:00Z', gpus: null }),
];

const names = (filter: string, more = {}) =>
  choose(rows, { filter, faultsOnly: false, sort: { column: 'name', descending: false }, ...more }).rows.map(
    ({ name }) => name,
  );

test.each([
  ['', ['llama-70b', 'phi', 'qwen']],
  ['70B', ['llama-70b']],
  ['team-b', ['qwen']],
  ['imagepull', ['llama-70b']],
  ['!70b', ['phi', 'qwen']],
  ['runtime:kuberay', ['qwen']],
  ['rt:ray', ['qwen']],
  ['phase!=Running', ['llama-70b', 'phi']],
  ['!phase=running', ['llama-70b', 'phi']],
  ['ns:team-a owner:others', ['phi']],
  ['is:fault', ['llama-70b', 'phi']],
  ['!is:fault', ['qwen']],
  ['a:b', []],
  ['!', ['llama-70b', 'phi', 'qwen']],
])('the filter %j leaves %j', (filter, expected) => {
  expect(names(filter)).toEqual(expected);
});

test('faults only, and any column to sort by; what is unknown comes last in either direction', () => {
  expect(names('', { faultsOnly: true })).toEqual(['llama-70b', 'phi']);
  expect(names('', { sort: { column: 'phase', descending: false } })).toEqual(['llama-70b', 'phi', 'qwen']);
  expect(names('', { sort: { column: 'age', descending: false } })).toEqual(['qwen', 'phi', 'llama-70b']);
  expect(names('', { sort: { column: 'gpus', descending: true } }).at(-1)).toBe('phi');
});

test.each([
  ['foo:bar', /^foo is no field, so it is looked for as text; fields: runtime, phase, namespace, /],
  ['70b !gpu>4', /^gpu is no field, /],
  ['name>5', /^no > here: name:value/],
  ['phase=Nope', /^no phase Nope: Pending, Deploying, Running/],
  ['rt:vllm', /^no rt vllm: dynamo, kuberay, DYN, RAY$/],
  ['llama|phi', /^no "\|" here: all words must hold$/],
])('of the filter %j is said what it does not know', (filter, doubt) => {
  expect(doubtOf(filter)).toMatch(doubt);
});

test.each(['', 'llama', '!70b', 'phase!=run', 'RT:ray', 'owner:others is:fault', 'model:a:b', 'phase='])(
  'the filter %j is understood',
  (filter) => expect(doubtOf(filter)).toBeUndefined(),
);
