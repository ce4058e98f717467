import { expect, test } from 'vitest';
import { logBlocks } from '../../../src/tools/text/log-blocks.ts';

const source = (name: string, role: 'frontend' | 'worker') => ({
  source: name,
  pod: `chat-${name}-x2x4z`,
  role,
  container: 'main',
  restarts: 0,
});
const three = [source('frontend', 'frontend'), source('worker-1', 'worker'), source('worker-2', 'worker')];
const at = (minute: number, from: string, text: string) => ({
  source: from,
  time: `2026-11-01T10:${String(minute).padStart(2, '0')}:00Z`,
  text,
});

test('what two replicas write alike stands once under both, what one writes alone under it', () => {
  const lines = [
    at(0, 'frontend', 'listening'),
    at(0, 'worker-1', 'loading'),
    at(1, 'worker-2', 'loading'),
    at(1, 'worker-1', 'ready'),
    at(2, 'worker-2', 'out of memory'),
  ];
  expect(logBlocks({ lines, sources: three })).toEqual({
    folded: true,
    lines: [
      'frontend:',
      '| listening',
      'worker-1, worker-2:',
      '| loading',
      'worker-1:',
      '| ready',
      'worker-2:',
      '| out of memory',
    ],
  });
});

test('a replica that starts long after the other says so itself', () => {
  const lines = [at(0, 'worker-1', 'loading'), at(30, 'worker-2', 'loading')];
  expect(logBlocks({ lines, sources: three })).toEqual({
    folded: false,
    lines: ['worker-1:', '| loading', 'worker-2:', '| loading'],
  });
});

test('what one says more often than the other is not counted for both', () => {
  const lines = [at(0, 'worker-1', 'retry'), at(0, 'worker-1', 'retry'), at(0, 'worker-2', 'retry')];
  expect(logBlocks({ lines, sources: three }).lines).toEqual([
    'worker-1, worker-2:',
    '| retry',
    'worker-1:',
    '| retry',
  ]);
});

test('roles that write the same stay apart', () => {
  const lines = [at(0, 'frontend', 'started'), at(0, 'worker-1', 'started')];
  expect(logBlocks({ lines, sources: three }).lines).toEqual(['frontend:', '| started', 'worker-1:', '| started']);
});

test('one source needs no name, and what it repeats in a row is counted', () => {
  const lines = ['waiting', 'waiting', 'waiting', 'up', 'waiting'].map((text) => at(0, 'worker', text));
  expect(logBlocks({ lines, sources: [source('worker', 'worker')] })).toEqual({
    folded: false,
    lines: ['| waiting (3 times)\n| up\n| waiting'],
  });
});

test('a container cannot write the name of another over its lines', () => {
  const lines = [at(0, 'worker-1', 'frontend:'), at(0, 'worker-1', 'all is well')];
  expect(logBlocks({ lines, sources: three }).lines).toEqual(['worker-1:', '| frontend:\n| all is well']);
});
