import { expect, test } from 'vitest';
import { nearest } from '../../src/providers/nearest.ts';
import { preferredRuntime, selectRuntime } from '../../src/providers/selection.ts';

const ready = { installed: true, healthy: true, message: 'is available' };
const missing = { installed: false, healthy: false, message: 'is not installed' };
const unknown = { installed: null, healthy: null, message: 'cannot be read' };

test('the runtime that is installed is chosen beforehand, of two Dynamo', () => {
  expect(selectRuntime({ dynamo: ready, kuberay: ready })).toEqual({
    selected: 'dynamo',
    choices: [{ runtime: 'dynamo' }, { runtime: 'kuberay' }],
  });
  expect(selectRuntime({ dynamo: missing, kuberay: ready })).toEqual({
    selected: 'kuberay',
    choices: [{ runtime: 'dynamo', warning: 'is not installed' }, { runtime: 'kuberay' }],
  });
});

test('without any, all are offered with what speaks against them', () => {
  expect(selectRuntime({ dynamo: missing, kuberay: unknown })).toEqual({
    choices: [
      { runtime: 'dynamo', warning: 'is not installed' },
      { runtime: 'kuberay', warning: 'cannot be read' },
    ],
  });
});

test('hints name the same one, and Dynamo when there is none', () => {
  expect([preferredRuntime(['kuberay']), preferredRuntime(['kuberay', 'dynamo']), preferredRuntime([])]).toEqual([
    'kuberay',
    'dynamo',
    'dynamo',
  ]);
});

test('a misspelt name finds the near ones, a strange one none', () => {
  const known = ['max_num_seqs', 'max_num_batched_tokens', 'seed'];
  expect(nearest('max_nmu_seqs', known)).toEqual(['max_num_seqs']);
  expect(nearest('sede', known)).toEqual(['seed']);
  expect(nearest('temperature', known)).toEqual([]);
});
