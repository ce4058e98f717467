import { expect, test } from 'vitest';
import * as z from 'zod';
import type { Deployment } from '../../src/foundry/deployment.ts';
import { deploymentRef } from '../../src/tools/inputs.ts';
import { refusalOf } from '../../src/tools/parse-input.ts';
import { tools } from '../../src/tools/registry.ts';
import { restartDeployment } from '../../src/tools/restart-deployment.ts';
import { scaleDeployment } from '../../src/tools/scale-deployment.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { toolKeys } from '../../src/tui/deployments/actions.ts';
import { isForDeployment, presentText, questionsOf } from '../../src/tui/deployments/questions.ts';
import { bindingOf } from '../../src/tui/keys/table.ts';

const row = (roles: Readonly<Partial<Record<Deployment['roles'][number]['role'], number>>>): Deployment => ({
  name: 'chat',
  namespace: 'team-a',
  runtime: 'dynamo',
  kind: 'DynamoGraphDeployment',
  apiVersion: 'nvidia.com/v1beta1',
  model: 'Qwen/Qwen3-0.6B',
  servedModelName: null,
  engine: 'vllm',
  mode: null,
  phase: 'Running',
  reason: '',
  message: '',
  upgrading: false,
  stale: false,
  managed: true,
  replicas: { desired: Object.values(roles).reduce((sum, count) => sum + count, 0), ready: 0 },
  roles: Object.entries(roles).map(([role, desired]) => ({
    role: role === 'prefill' || role === 'decode' ? role : 'worker',
    desired,
    ready: 0,
    gpus: 1,
  })),
  gpus: 1,
  endpoint: null,
  createdAt: null,
});

/** A tool that takes these fields besides a deployment. */
const taking = (fields: z.ZodRawShape): Tool => ({
  ...restartDeployment,
  input: z.strictObject({ ...deploymentRef, ...fields }),
});

test('what works on a deployment and asks for little is offered, whatever it is called', () => {
  expect(tools.filter(isForDeployment).map(({ command }) => command)).toEqual([
    'get',
    'diagnose',
    'logs',
    'metrics',
    'query',
    'scale',
    'restart',
    'delete',
  ]);
  expect(isForDeployment(taking({ reason: z.string().max(80), at: z.number() }))).toBe(true);
  expect(isForDeployment(taking({ story: z.string().max(8_000) }))).toBe(false);
  expect(isForDeployment(taking({ labels: z.record(z.string(), z.string()) }))).toBe(false);
  const four = taking({ a: z.int(), b: z.int(), c: z.int(), d: z.int() });
  expect(isForDeployment(four)).toBe(false);
});

test('asked is what is required, and a choice that the deployments leave open', () => {
  const fields = (tool: Tool, ...rows: readonly Deployment[]) => questionsOf(tool, rows).map(({ field }) => field);
  expect(fields(restartDeployment, row({ worker: 1 }))).toEqual([]);
  expect(fields(scaleDeployment, row({ worker: 1 }))).toEqual(['replicas']);
  expect(fields(scaleDeployment, row({ prefill: 1, decode: 2 }))).toEqual(['role', 'replicas']);
  expect(fields(scaleDeployment, row({ prefill: 1, decode: 2 }), row({ worker: 1 }))).toEqual(['replicas']);
  expect(fields(taking({ how: z.enum(['slow', 'fast']).optional(), why: z.string().optional() }), row({}))).toEqual([
    'how',
  ]);
});

test('a field holds what the deployments have now, where that is the same', () => {
  const split = row({ prefill: 1, decode: 2 });
  expect(presentText('replicas', [split], {})).toBe('3');
  expect(presentText('replicas', [split], { role: 'decode' })).toBe('2');
  expect(presentText('replicas', [row({ worker: 2 }), row({ worker: 2 })], {})).toBe('2');
  expect(presentText('replicas', [row({ worker: 2 }), row({ worker: 3 })], {})).toBe('');
  expect(presentText('reason', [split], {})).toBe('');
});

test('a field is judged by the schema of its tool, and without those that are still to come', () => {
  expect(refusalOf(scaleDeployment, { role: 'worker' }, 'role')).toBeUndefined();
  expect(refusalOf(scaleDeployment, { replicas: '1e3' }, 'replicas')).toBe('replicas: "1e3" is no number.');
  expect(refusalOf(scaleDeployment, { replicas: -1 }, 'replicas')).toBe('replicas: -1 is too small: at least 0.');
  expect(refusalOf(scaleDeployment, {}, 'replicas')).toBe('replicas is required.');
});

test('every key of a tool that changes something is one that read-only mode refuses', () => {
  for (const { action, tool } of toolKeys) expect(bindingOf(action).mutates ?? false).toBe(tool.effect !== 'read');
});
