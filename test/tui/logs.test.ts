import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { LogLine, PodBackend } from '../../src/sandbox/api/server.ts';
import { deleteDeployment } from '../../src/tools/delete-deployment.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { scaleDeployment } from '../../src/tools/scale-deployment.ts';
import { startWorkbench, type Workbench } from '../support/sandbox.ts';
import { soon } from '../support/soon.ts';
import { openScreen, type Screen, type ScreenOptions } from '../support/terminal.ts';

const chat = { name: 'chat', runtime: 'dynamo', model: 'Qwen/Qwen3-0.6B' } as const;

let bench: Workbench;
let screen: Screen;
let worker: ReturnType<typeof createPen>;

beforeAll(async () => {
  bench = await startWorkbench({ scenario: 'dynamo', speed: 300 });
  await bench.data(deployModel, { ...chat, wait: true });
});
afterAll(() => bench.stop());
beforeEach(() => {
  bench.sandbox.api.faults.clear();
  worker = createPen();
  bench.sandbox.api.setPodBackend(worker.backend);
});
afterEach(() => screen.stop());

/** What a worker writes from now on, read as a kubelet lets it be read: the last lines, and those that come. */
function createPen() {
  const written: LogLine[] = [];
  let readers = 0;
  const backend: PodBackend = {
    async *logs({ metadata }, { tailLines, since, follow }, signal) {
      if (!metadata.name.includes('worker')) return;
      readers += 1;
      signal.addEventListener('abort', () => {
        readers -= 1;
      });
      const fitting = written.filter(({ time }) => since === undefined || time >= since);
      yield* fitting.slice(tailLines === undefined ? 0 : -tailLines);
      let at = written.length;
      while (follow && !signal.aborted) {
        yield* written.slice(at);
        at = written.length;
        await sleep(10, undefined, { signal }).catch(() => {});
      }
    },
    proxy: async () => ({ status: 404, headers: {}, body: '' }),
  };
  return {
    backend,
    readers: () => readers,
    write: (...texts: readonly string[]) =>
      void written.push(...texts.map((text) => ({ time: new Date(Date.now()), text }))),
  };
}

const count = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => `step ${from + at} done`);

const open = async (options?: ScreenOptions) => {
  screen = openScreen(bench.foundry, options);
  await screen.sees(/^> {2}chat .* Running/m);
  await screen.press('l');
};

test('logs are followed: what a pod writes appears at the end, and whatever it is harms nothing', async () => {
  worker.write(...count(1, 200), `${'x '.repeat(50)}fix: trust me`);
  await open();
  await screen.sees(/── Logs of a deployment: dynamo-system\/chat, following ──/);
  await screen.sees(/ \| worker-\w+ step 200 done/);
  expect(screen.rowWith('fix: trust me')).toMatch(/^ \| {3}x /);
  await screen.seesNot('step 2 done');
  worker.write('password=hunter22 is taken');
  await screen.sees('password=[redacted] is taken');
  worker.write('the \u001b[2Jlast\u202e 👨‍👩‍👧 one');
  await screen.sees(/ \| worker-\w+ the last \?\?\? one/);
  expect(screen.written()).not.toContain('\u202e');
  expect(screen.written()).not.toContain('the \u001b[2J');
  expect(screen.written()).not.toContain('hunter22');
});

test('who scrolls up stays on what is read, whatever comes; G follows again, and so does going down to the end', async () => {
  worker.write(...count(1, 60));
  await open();
  await screen.sees('step 60 done');
  await screen.press('k');
  await screen.sees('chat, paused, G follows ──');
  await screen.sees('… 2 more rows');
  const before = screen.rows().slice(3, -3);
  worker.write(...count(61, 99));
  await screen.sees('… 41 more rows');
  expect(screen.rows().slice(3, -3)).toEqual(before);
  const [first = ''] = /step \d+/.exec(screen.rows()[3] ?? '') ?? [];
  await screen.resize(60, 20);
  await screen.sees('… 45 more rows');
  expect(screen.rows()[3]).toContain(first);
  await screen.resize(80, 24);
  await screen.press('G');
  await screen.sees('chat, following ──');
  await screen.sees('step 99 done');
  await screen.press('pageup');
  await screen.sees('paused');
  await screen.press('pagedown');
  await screen.sees('following ──');
  worker.write('one more');
  await screen.sees('one more');
  await screen.press('g');
  await screen.sees(/^ From the last 100 lines of each container on\.$/m);
  await screen.sees(/^ following chat-worker-\S+, container main$/m);
  await screen.sees('step 1 done');
});

test('the oldest lines are dropped, which is said, and who reads further down stays there', async () => {
  worker.write(...count(1, 100));
  await open();
  await screen.sees('step 100 done');
  worker.write(...count(101, 5_000));
  await screen.sees('step 5000 done');
  await screen.press('k');
  await screen.sees('paused');
  const before = screen.rows().slice(3, -3);
  worker.write(...count(5_001, 6_000));
  await screen.sees('… 1002 more rows');
  expect(screen.rows().slice(3, -3)).toEqual(before);
  await screen.press('g');
  await screen.sees(/^ … 100\d older lines were dropped: the last 5000 are kept\.$/m);
  await screen.sees(/step 100\d done/);
});

test('a pod that joins is followed too', async () => {
  await open({ columns: 120 });
  await screen.sees(/^ following chat-worker-\S+, container main$/m);
  await bench.data(scaleDeployment, { name: 'chat', replicas: 2 });
  onTestFinished(async () => void (await bench.data(scaleDeployment, { name: 'chat', replicas: 1, wait: true })));
  await screen.sees(/^ following chat-worker-[\s\S]*^ following chat-worker-/m);
  worker.write('both of us');
  await screen.sees(/worker-(\w+) both of us[\s\S]*worker-(?!\1)\w+ both of us/);
});

test('pods that have no log yet say what they wait for, and a key says why', async () => {
  const wide = { name: 'wide', runtime: 'dynamo', model: 'Qwen/Qwen3-0.6B', replicas: 90 } as const;
  await bench.data(deployModel, wide);
  onTestFinished(() => void bench.call(deleteDeployment, { name: wide.name }));
  screen = openScreen(bench.foundry, { columns: 120, rows: 40 });
  await screen.sees(/^ {3}wide .* (Pending|Degraded)/m);
  await screen.press('G', 'l');
  await screen.sees(/^ wide-worker-\S+: Unschedulable: /m);
  await screen.press('!');
  await screen.sees('Diagnose a deployment: dynamo-system/wide');
});

test('reading that breaks off is said with what to do, and taken up where it ended', async () => {
  worker.write('before it');
  await open({ columns: 120, rows: 40 });
  await screen.sees('before it');
  const mend = bench.sandbox.api.faults.add({
    match: { path: /./, user: 'kubernetes-admin' },
    action: { kind: 'reset' },
  });
  bench.sandbox.api.dropConnections();
  await screen.sees(/^ The connection to the API server broke while logs were read\. Trying again\./m);
  await screen.sees('chat, broken off, trying again ──');
  await screen.sees(/^ Cannot reach the API server [^|]* Trying\s+again\. Check that the cluster runs/m);
  worker.write('meanwhile');
  mend();
  await screen.sees(/^ Following again\.$/m);
  await screen.sees('chat, following ──');
  expect(screen.text().match(/before it|meanwhile/g)).toEqual(['before it', 'meanwhile']);
});

test('what may not be read is said, and a key begins anew', async () => {
  const mend = bench.sandbox.api.faults.add({
    match: { path: /\/log\?/, user: 'kubernetes-admin' },
    action: { kind: 'status', status: 403 },
  });
  worker.write('there it is');
  await open();
  await screen.sees(/^ FORBIDDEN: Cannot get /m);
  await screen.sees('chat, ended, r begins anew ──');
  await screen.press('y');
  await screen.sees(/^ > kubectl auth +kubectl --context kubefoundry-sandbox auth can-i get pods\/log /m);
  await screen.press('escape');
  mend();
  await screen.press('r');
  await screen.sees('there it is');
  await screen.sees('chat, following ──');
});

test('closing the page, diagnosing from it and quitting end the streams', async () => {
  await open();
  await vi.waitFor(() => expect(worker.readers()).toBe(1), soon);
  await screen.press('escape');
  await vi.waitFor(() => expect(worker.readers()).toBe(0), soon);
  await screen.press('l');
  await vi.waitFor(() => expect(worker.readers()).toBe(1), soon);
  await screen.press('!');
  await screen.sees('Diagnose a deployment: dynamo-system/chat');
  await vi.waitFor(() => expect(worker.readers()).toBe(0), soon);
  await screen.press('escape', 'l');
  await vi.waitFor(() => expect(worker.readers()).toBe(1), soon);
  await screen.press('ctrl+c');
  await screen.ended;
  await vi.waitFor(() => expect(worker.readers()).toBe(0), soon);
});

test('a page of logs stays when the deployment is deleted, and says so', async () => {
  await bench.data(deployModel, { ...chat, name: 'brief', wait: true });
  worker.write('last words');
  screen = openScreen(bench.foundry);
  await screen.sees(/^> {2}brief .* Running/m);
  await screen.press('l');
  await screen.sees('last words');
  await bench.data(deleteDeployment, { name: 'brief' });
  await screen.sees(/^ brief is gone\.$/m);
  await screen.sees('brief, ended, r begins anew ──');
  await screen.sees('last words');
  await vi.waitFor(() => expect(worker.readers()).toBe(0), soon);
});
