import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { deployModel } from '../../../src/tools/deploy-model.ts';
import { diagnoseDeployment } from '../../../src/tools/diagnose-deployment.ts';
import { startWorkbench, type Workbench } from '../../support/sandbox.ts';
import { soon } from '../../support/soon.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await startWorkbench();
  await bench.data(deployModel, { name: 'chat', runtime: 'dynamo', model: 'Qwen/Qwen3-0.6B' });
});
afterAll(() => bench.stop());

test.each([
  ['while its parts are read', /\/(pods|services|events)\?/],
  ['while the warnings are read', /\/events\?/],
])(
  'a diagnosis that is cancelled %s ends alone: a promise that nobody awaits would end the whole program',
  async (_, path) => {
    const lost: unknown[] = [];
    const keep = (reason: unknown) => void lost.push(reason);
    process.on('unhandledRejection', keep);
    onTestFinished(() => void process.off('unhandledRejection', keep));
    onTestFinished(bench.sandbox.api.faults.add({ match: { path }, action: { kind: 'delay', milliseconds: 30_000 } }));

    bench.sandbox.api.clearRequests();
    const abort = new AbortController();
    const call = bench.call(diagnoseDeployment, { name: 'chat' }, { signal: abort.signal });
    await vi.waitFor(() => expect(bench.requests().some(({ path }) => path.endsWith('/events'))).toBe(true), soon);
    await vi.waitFor(() => expect(bench.requests().some(({ path }) => path.endsWith('/pods'))).toBe(true), soon);
    abort.abort();
    await expect(call).rejects.toThrow();
    await new Promise(setImmediate);
    expect(lost).toEqual([]);
  },
);
