import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { namedCall } from '../../demo/named-call.ts';
import { isRight, jobsOf, runJobs } from '../../eval/jobs.ts';
import { atPath } from '../../eval/path.ts';
import { callOf } from '../../eval/references.ts';
import { reportOf, tableOf } from '../../eval/report.ts';
import { readTasks } from '../../eval/task.ts';
import { tools } from '../../src/tools/registry.ts';

const tasks = await readTasks();
const named = (...names: readonly string[]) => tasks.filter(({ name }) => names.includes(name));

test('the tasks call every tool, on both runtimes, and ask, refuse and confirm', async () => {
  expect(tasks.length).toBeGreaterThanOrEqual(25);
  const calls = tasks.flatMap((task) => task.calls);
  const called = calls.flatMap((call) => ('tool' in call ? [call.tool] : []));
  expect(tools.map(({ name }) => name).filter((name) => !called.includes(name))).toEqual([]);
  const text = JSON.stringify(tasks);
  for (const kind of ['DynamoGraphDeployment.nvidia.com', 'RayService.ray.io']) expect(text).toContain(kind);
  expect(new Set(tasks.map(({ human }) => human))).toEqual(new Set(['agrees', 'declines', 'absent']));
});

test('the page in docs tells every wish', async () => {
  const page = await readFile('docs/evaluation.md', 'utf8');
  for (const { task } of tasks) expect(page).toContain(task.trim());
});

test('each of these tasks is done by its calls, and not without any one of them', { timeout: 120_000 }, async () => {
  const few = named('free-gpus', 'cure-too-long-a-context', 'delete-by-typed-name', 'delete-declined');
  const done = await runJobs(
    few.flatMap((task) => jobsOf(task, true)),
    () => {},
  );
  expect(done).toHaveLength(few.length + few.reduce((sum, { calls }) => sum + calls.length, 0));
  expect(done.filter((each) => !isRight(each))).toEqual([]);
  expect(reportOf(done)).toMatchObject({ passed: true, leftOut: done.length - few.length });
});

test('a wish that did not come true, and a call that changes nothing, are told', async () => {
  const [free] = named('free-gpus');
  if (!free) throw new Error('no such task');
  const wrong = { ...free, name: 'wrong', check: { ...free.check, answer: ['99 GPUs'] } };
  const padded = { ...free, name: 'padded', calls: [...free.calls, ...free.calls] };
  const unknown = { ...free, name: 'unknown', calls: [{ tool: 'no_such_tool', input: {} }] };
  const report = reportOf(
    await runJobs(
      [wrong, padded, unknown].flatMap((task) => jobsOf(task, true)),
      () => {},
    ),
  );
  expect(report.passed).toBe(false);
  expect(tableOf(report)).toMatch(/wrong .*WRONG\n {2}! the last answer lacks \/99 GPUs\//);
  expect(tableOf(report)).toMatch(/unknown .*WRONG\n {2}! the last answer lacks/);
  expect(tableOf(report)).toMatch(/padded .*WRONG\n {2}! passes without call 1\n {2}! passes without call 2/);
});

test('arguments come from earlier answers, or the call cannot be made', () => {
  const data = {
    deployments: [
      { name: 'a', phase: 'Running' },
      { name: 'b', phase: 'Failed' },
    ],
  };
  const answers = new Map([['list', { text: 'Hint: x_y {"name":"b"} does it', data, refused: false }]]);
  const asks = (at: string) =>
    callOf({ tool: 'get_deployment', input: { name: { from: 'list', at }, detail: true } }, answers);
  expect(asks('deployments[phase=Failed].name')?.input).toEqual({ name: 'b', detail: true });
  expect(asks('deployments[0].name')?.input).toEqual({ name: 'a', detail: true });
  expect(asks('deployments[phase=Pending].name')).toBeUndefined();
  expect(callOf({ follow: { from: 'list' }, with: { wait: true } }, answers)).toEqual({
    tool: 'x_y',
    input: { name: 'b', wait: true },
  });
  expect(callOf({ follow: { from: 'nobody' }, with: {} }, answers)).toBeUndefined();
  expect(atPath(data, 'deployments[7].name')).toBeUndefined();
});

test.each([
  [
    'deploy_model {"name":"a","engineArgs":{"seed":1}}',
    { tool: 'deploy_model', input: { name: 'a', engineArgs: { seed: 1 } } },
  ],
  ['say so: get_deployment {"name":"}"} tells {more}', { tool: 'get_deployment', input: { name: '}' } }],
  ['kubectl edit x y -n z', undefined],
  ['get_deployment {name}', undefined],
])('the call in %j', (text, call) => {
  expect(namedCall(text)).toEqual(call);
});
