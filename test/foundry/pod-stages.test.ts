import { expect, test } from 'vitest';
import { stageWords } from '../../src/foundry/pod-stages.ts';

const pod = {
  name: 'qwen-0',
  role: 'worker',
  phase: 'Running',
  ready: false,
  restarts: 0,
  node: 'gpu-0',
  reason: null,
  message: null,
  createdAt: null,
} as const;

test.each([
  ['1 without a node', { phase: 'Pending', node: null, reason: 'Unschedulable' }],
  ['1 pulling an image', { phase: 'Pending', reason: 'ContainerCreating' }],
  ['1 pulling an image', { phase: 'Pending', reason: 'ErrImagePull' }],
  ['1 initializing', { phase: 'Pending', reason: 'PodInitializing' }],
  ['1 loading the model', {}],
  ['1 loading the model', { role: null }],
  ['1 starting', { role: 'frontend' }],
  ['1 starting', { role: 'head' }],
  ['1 failing', { reason: 'CrashLoopBackOff' }],
  ['1 ready', { ready: true }],
  ['', { phase: 'Terminating' }],
  ['', { phase: 'Failed' }],
] as const)('%s', (words, state) => {
  expect(stageWords([{ ...pod, ...state }])).toBe(words);
});

test('pods are counted, the least far first', () => {
  const pods = [{ ...pod, ready: true }, pod, { ...pod, node: null }, pod];
  expect(stageWords(pods)).toBe('1 without a node, 2 loading the model, 1 ready');
  expect(stageWords([])).toBe('');
});
