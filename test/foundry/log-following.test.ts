import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { followLogs } from '../../src/foundry/log-following.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { dataOf, type Lab, namespace, startLab } from '../support/lab.ts';
import { startWorkbench } from '../support/sandbox.ts';
import { soon } from '../support/soon.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  await lab.apply(namespace('team'), namespace('other'));
});
afterAll(() => lab.stop());

const deploy = async (where: string, runtime: string) =>
  dataOf(await lab.call('deploy_model', { name: 'chat', namespace: where, runtime, model: 'Qwen/Qwen3-0.6B' }));

test('whoever follows a deployment goes on with it when another of its name is made', async () => {
  await deploy('team', 'kuberay');
  lab.api.clearRequests();
  const site = await lab.foundry().site(undefined);
  const ending = new AbortController();
  const notes: string[] = [];
  const listener = { lines: () => {}, note: (sentence: string) => notes.push(sentence) };
  const followed = followLogs(site, { name: 'chat' }, { tail: 5 }, listener, ending.signal);
  const end = expect(followed).rejects.toThrow('enough');
  const looks = () => lab.api.requests.filter(({ path }) => path.includes('/namespaces/team/rayservices'));
  // What belongs to it is read once it was found and nothing else was.
  await vi.waitFor(
    () => expect(lab.api.requests.some(({ path }) => path.endsWith('/namespaces/team/rayclusters'))).toBe(true),
    soon,
  );
  await deploy('other', 'dynamo');
  lab.api.clearRequests();
  await vi.waitFor(() => expect(looks().length).toBeGreaterThan(0), { timeout: 10_000 });
  // Of this one alone.
  expect(lab.api.requests.filter(({ path }) => /dynamographdeployments/.test(path))).toEqual([]);
  ending.abort(new Error('enough'));
  await end;
  expect(notes).toEqual(['chat is Pending and has no pods to read now.']);
});

test('a kubelet that the API server cannot reach is told once, and tried again', async () => {
  const bench = await startWorkbench({ scenario: 'dynamo', speed: 100 });
  await bench.data(deployModel, { name: 'chat', runtime: 'dynamo', model: 'Qwen/Qwen3-0.6B', wait: true });
  const words = 'error dialing backend: dial tcp 10.0.1.10:10250: connect: connection refused';
  const body = { kind: 'Status', apiVersion: 'v1', code: 500, message: words };
  const { api } = bench.sandbox;
  api.faults.add({ match: { path: /\/log\b/ }, action: { kind: 'status', status: 500, body } });
  const site = await bench.foundry.site(undefined);
  const ending = new AbortController();
  const notes: string[] = [];
  const listener = { lines: () => {}, note: (sentence: string) => notes.push(sentence) };
  const followed = followLogs(site, { name: 'chat' }, { tail: 5, role: 'worker' }, listener, ending.signal);
  const end = expect(followed).rejects.toThrow('enough');
  const asked = () => api.requests.filter(({ path }) => path.endsWith('/log')).length;
  await vi.waitFor(() => expect(asked()).toBeGreaterThan(1), { timeout: 10_000 });
  ending.abort(new Error('enough'));
  await end;
  await bench.stop();
  expect(notes.filter((note) => note.includes('could not reach the kubelet at 10.0.1.10:10250'))).toHaveLength(1);
});

test('connections that break are told once for all containers, and that reading goes on', async () => {
  const bench = await startWorkbench({ scenario: 'dynamo', speed: 100 });
  await bench.data(deployModel, { name: 'chat', runtime: 'dynamo', model: 'Qwen/Qwen3-0.6B', replicas: 3, wait: true });
  const site = await bench.foundry.site(undefined);
  const ending = new AbortController();
  const told: string[] = [];
  const listener = { lines: () => {}, note: (sentence: string, news: string) => told.push(`${news}: ${sentence}`) };
  const followed = followLogs(site, { name: 'chat' }, { tail: 5 }, listener, ending.signal);
  const end = expect(followed).rejects.toThrow('enough');
  const streams = () => bench.requests().filter(({ path }) => path.endsWith('/log')).length;
  await vi.waitFor(() => expect(streams()).toBe(4), soon);
  expect(told.filter((sentence) => sentence.startsWith('following: '))).toHaveLength(4);
  bench.sandbox.api.dropConnections();
  await vi.waitFor(() => expect(told).toContain('again: Following again.'), soon);
  expect(streams()).toBe(8);
  ending.abort(new Error('enough'));
  await end;
  await bench.stop();
  expect(told.slice(4)).toEqual([
    'broken: The connection to the API server broke while logs were read. Trying again. They are read on from where they broke off.',
    'again: Following again.',
  ]);
});
