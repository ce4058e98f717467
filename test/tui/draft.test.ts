import { expect, test } from 'vitest';
import { runtimeOffers } from '../../src/foundry/runtime-offers.ts';
import type { RuntimeStatus } from '../../src/foundry/runtimes.ts';
import { type DraftAction, emptyDraft, reduceDraft, type Stop } from '../../src/tui/form/draft.ts';
import { freeName } from '../../src/tui/form/filling.ts';
import { formOf, isAdvanced, textsOf } from '../../src/tui/form/form.ts';
import { verdictOf } from '../../src/tui/form/verdict.ts';
import { notations } from '../../src/tui/form/written.ts';
import { fieldOf } from '../../src/tui/text/field.ts';

const status = (id: RuntimeStatus['id'], installed: boolean | null): RuntimeStatus => ({
  id,
  name: id,
  state: installed === null ? 'unknown' : installed ? 'ready' : 'not_installed',
  installed,
  healthy: installed,
  notes: [],
  message: `${id} ${installed}`,
  apiVersions: [],
  operator: null,
  engines: ['vllm'],
  modes: ['aggregated'],
  defaultNamespace: id,
  deployments: 0,
});
const both = [status('dynamo', true), status('kuberay', true)];

const after = (...actions: readonly DraftAction[]) => actions.reduce(reduceDraft, emptyDraft);
const write = (field: 'name' | 'model' | 'namespace' | 'quantization', text: string): DraftAction => ({
  type: 'edit',
  field,
  to: fieldOf(text),
});
const choose = (field: 'runtime' | 'engine' | 'mode' | 'router', value: string): DraftAction => ({
  type: 'choose',
  field,
  value,
});
const fieldsOf = (...actions: readonly DraftAction[]) =>
  formOf(after(...actions), both).fields.map(({ field }) => field.id);
const inputOf = (...actions: readonly DraftAction[]) => formOf(after(...actions), both).input;

test('one moves through what is shown, not beyond its ends, and into a text at its end', () => {
  const { stops } = formOf(emptyDraft, both);
  const move = (by: 1 | -1): DraftAction => ({ type: 'move', by, stops });
  expect(after(move(-1)).at).toBe('name');
  expect(after(move(1), move(1), move(1)).at).toBe('model');
  expect(after(write('name', 'qwen'), move(1), move(-1))).toMatchObject({ at: 'name', caret: 4 });
  expect(stops.reduce((draft) => reduceDraft(draft, move(1)), emptyDraft).at).toBe('deploy');
  const gone: readonly Stop[] = ['name', 'deploy'];
  expect(reduceDraft(after({ type: 'go', to: 'cpu' }), { type: 'move', by: 1, stops: gone }).at).toBe('deploy');
});

test('what was emptied counts as never written', () => {
  expect(after(write('namespace', 'team-a'), write('namespace', '')).texts).toEqual({});
});

test('nothing is asked for that nobody chose, but the runtime always is', () => {
  expect(inputOf()).toEqual({ runtime: 'dynamo' });
  expect(inputOf(write('name', 'qwen '), write('model', 'Qwen/Qwen3-0.6B'))).toEqual({
    name: 'qwen',
    model: 'Qwen/Qwen3-0.6B',
    runtime: 'dynamo',
  });
  expect(formOf(emptyDraft, undefined).input).toEqual({});
});

test('a choice that the runtime does not offer is kept for the one that does, and not sent to the other', () => {
  const draft = [choose('engine', 'sglang'), choose('router', 'kv')] as const;
  expect(inputOf(...draft)).toEqual({ runtime: 'dynamo', engine: 'sglang', router: 'kv' });
  expect(inputOf(...draft, choose('runtime', 'kuberay'))).toEqual({ runtime: 'kuberay' });
  expect(inputOf(...draft, choose('runtime', 'kuberay'), choose('runtime', 'dynamo'))).toMatchObject({ router: 'kv' });
});

test('fields appear with what gives them a meaning', () => {
  expect(fieldsOf()).toEqual(expect.arrayContaining(['router', 'replicas', 'quantization']));
  expect(fieldsOf(choose('runtime', 'kuberay'))).not.toContain('router');
  expect(fieldsOf(choose('engine', 'trtllm'))).not.toContain('quantization');
  expect(fieldsOf(choose('mode', 'disaggregated'))).toEqual(
    expect.arrayContaining(['prefillReplicas', 'decodeReplicas']),
  );
  expect(fieldsOf(choose('mode', 'disaggregated'))).not.toContain('replicas');
});

test.each([
  [both, 'dynamo'],
  [[status('dynamo', true), status('kuberay', false)], 'dynamo'],
  [[status('dynamo', false), status('kuberay', true)], 'kuberay'],
  [[status('dynamo', false), status('kuberay', null)], undefined],
])('what is installed (%#) chooses %s beforehand; what somebody chose stays', (statuses, expected) => {
  expect(formOf(emptyDraft, statuses).runtime?.offer.id).toBe(expected);
  for (const { id } of runtimeOffers) {
    expect(formOf(after(choose('runtime', id)), statuses).runtime?.offer.id).toBe(id);
  }
});

test('the last row says the one thing that is in the way', () => {
  const quiet = { state: 'done', problems: [] } as const;
  const problem = { code: 'ALREADY_EXISTS', message: 'There is one.', hint: '' };
  const written = [write('name', 'qwen'), write('model', 'Qwen/Qwen3-0.6B')] as const;
  const verdict = (
    statuses: readonly RuntimeStatus[],
    actions: readonly DraftAction[],
    check: Parameters<typeof verdictOf>[1],
  ) => verdictOf(formOf(after(...actions), statuses), check);
  const none = [status('dynamo', false), status('kuberay', false)];
  expect(verdict(none, written, quiet)).toMatchObject({ canDeploy: false, text: 'Choose a runtime first.' });
  expect(verdict(none, [...written, choose('runtime', 'kuberay')], quiet)).toEqual({
    canDeploy: false,
    text: 'KubeRay is not installed.',
    needsInstallation: true,
  });
  expect(verdict(both, [write('name', 'qwen')], quiet)).toMatchObject({ canDeploy: false, text: 'Model is missing.' });
  expect(verdict(both, written, { ...quiet, problems: [problem] })).toMatchObject({
    canDeploy: false,
    text: 'There is one.',
  });
  expect(verdict(both, written, { ...quiet, problems: [{ ...problem, path: 'gpus' }] })).toMatchObject({ at: 'gpus' });
  // Of the draft as it was before: deploying checks anew.
  expect(verdict(both, written, { state: 'due', problems: [problem] })).toMatchObject({ canDeploy: true });
  expect(verdict(both, written, quiet)).toMatchObject({
    canDeploy: true,
    text: 'qwen on NVIDIA Dynamo in dynamo-system',
  });
});

test.each([
  ['number', '4', 4],
  ['number', 'four', 'four'],
  ['number', '007', '007'],
  ['toggle', 'true', true],
  ['labels', 'zone=a  example.com/pool=1', { zone: 'a', 'example.com/pool': '1' }],
  ['arguments', 'seed=7 enforce-eager dtype=half', { seed: 7, 'enforce-eager': true, dtype: 'half' }],
  [
    'tolerations',
    'gpu team=a:NoExecute *:NoSchedule',
    [
      { key: 'gpu', operator: 'Exists' },
      { key: 'team', operator: 'Equal', value: 'a', effect: 'NoExecute' },
      { operator: 'Exists', effect: 'NoSchedule' },
    ],
  ],
] as const)('%s: %j is read as %j, and written so that it is read the same again', (kind, text, value) => {
  expect(notations[kind].read(text)).toEqual(value);
  expect(notations[kind].read(notations[kind].write(value))).toEqual(value);
});

test('what another deployment asks for stands in the form, and asks for the same', () => {
  const spec = {
    name: 'qwen-copy',
    runtime: 'dynamo',
    model: 'Qwen/Qwen3-0.6B',
    engine: 'sglang',
    gpus: 2,
    engineArgs: { 'mem-fraction-static': 0.8 },
    trustRemoteCode: true,
  } as const;
  const texts = textsOf(spec);
  expect(isAdvanced(texts)).toBe(true);
  expect(inputOf({ type: 'begin', texts })).toEqual(spec);
});

test('a copy gets a name that is free, and is no copy of a copy', () => {
  expect(freeName('qwen', [])).toBe('qwen-copy');
  expect(freeName('qwen-copy', ['qwen-copy', 'qwen-copy-2'])).toBe('qwen-copy-3');
  expect(freeName('a'.repeat(46), []).length).toBeLessThanOrEqual(40);
});

test('what is edited is replaced as long as it stands under its name, in its place, on its runtime', () => {
  const replaces = { name: 'phi', namespace: 'kuberay-system', runtime: 'kuberay' } as const;
  const texts = { name: 'phi', runtime: 'kuberay', model: 'microsoft/phi-4' };
  const begin: DraftAction = { type: 'begin', texts, replaces };
  const form = (...actions: readonly DraftAction[]) => formOf(after(begin, ...actions), both);
  expect(form()).toMatchObject({ isReplacing: true, input: { ...texts, replace: true } });
  for (const other of [write('name', 'phi-2'), write('namespace', 'team-a'), choose('runtime', 'dynamo')]) {
    expect(form(other).isReplacing).toBe(false);
    expect(form(other).input).not.toHaveProperty('replace');
  }
  expect(form(write('name', 'phi-2'), write('name', 'phi')).isReplacing).toBe(true);
  expect(form({ type: 'begin', texts }).isReplacing).toBe(false);
});
