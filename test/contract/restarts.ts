import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type LiveDeployments, liveListing } from '../../src/foundry/live-listing.ts';
import { type RuntimeId, runtimeIds } from '../../src/foundry/spec.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { listDeployments } from '../../src/tools/list-deployments.ts';
import { connectAssistant } from './assistant.ts';
import { createNamespace, model, soon } from './fixtures.ts';
import type { World } from './world.ts';

/** The API server goes away and comes back. */
export function describeRestarts(world: () => World): void {
  describe('over a restart of the API server', () => {
    test('the live list is marked stale, loses nothing, recovers, and shows what came meanwhile', async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      const deploy = (name: string, runtime: RuntimeId) =>
        assistant.call(deployModel, { name, namespace, model, runtime });
      for (const runtime of runtimeIds) await deploy(`before-${runtime}`, runtime);

      const live = liveListing(await assistant.foundry.site(undefined), { namespace });
      const seen: LiveDeployments[] = [];
      onTestFinished(live.subscribe(() => seen.push(live.snapshot())));
      const states = ({ runtimes }: LiveDeployments) => runtimes.map(({ state }) => state);
      const names = ({ deployments }: LiveDeployments) => deployments.map(({ name }) => name);
      const before = runtimeIds.map((runtime) => `before-${runtime}`);
      await vi.waitFor(() => {
        expect(states(live.snapshot())).toEqual(['live', 'live']);
        expect(names(live.snapshot())).toEqual(before);
      }, soon);
      seen.length = 0;

      await world().restart();
      for (const runtime of runtimeIds) await vi.waitFor(() => deploy(`meanwhile-${runtime}`, runtime), soon);
      await vi.waitFor(() => {
        expect(states(live.snapshot())).toEqual(['live', 'live']);
        expect(names(live.snapshot())).toEqual([...before, ...runtimeIds.map((runtime) => `meanwhile-${runtime}`)]);
      }, soon);
      for (const [index, runtime] of runtimeIds.entries()) {
        expect(
          seen.map((snapshot) => states(snapshot)[index]),
          runtime,
        ).toContain('stale');
      }
      const error = seen.flatMap(({ runtimes }) => runtimes).find(({ state }) => state === 'stale')?.error;
      expect(error).toMatchObject({ code: 'CLUSTER_UNREACHABLE', message: expect.any(String) });
      for (const snapshot of seen) expect(names(snapshot)).toEqual(expect.arrayContaining(before));
    });

    test('an assistant goes on without connecting anew', async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      await assistant.call(deployModel, { name: 'chat', namespace, model, runtime: 'kuberay' });
      await world().restart();
      const { deployments } = await assistant.call(listDeployments, { namespace });
      expect(deployments).toMatchObject([{ name: 'chat' }]);
    });
  });
}
