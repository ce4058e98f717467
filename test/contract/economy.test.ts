import { expect, onTestFinished, test, vi } from 'vitest';
import { listDeployments } from '../../src/tools/list-deployments.ts';
import { startApiProxy } from '../support/api-proxy.ts';
import { connectAssistant } from './assistant.ts';
import { sandboxWorld } from './sandbox-world.ts';
import { useWorld } from './world.ts';

vi.setConfig({ testTimeout: 60_000 });

const world = useWorld(() => sandboxWorld('both'));

test('1,000 calls need at most 4 connections', async () => {
  const proxy = await startApiProxy(world().kubeconfig);
  onTestFinished(() => proxy.stop());
  const assistant = await connectAssistant({ ...world(), kubeconfig: proxy.kubeconfig });
  for (let calls = 0; calls < 1_000; calls += 1) {
    // One in a hundred reads everything, which is the most that a call does at once.
    const namespace = calls % 100 === 0 ? undefined : 'default';
    await assistant.call(listDeployments, { namespace });
  }
  expect(proxy.requests.length).toBeGreaterThan(1_000);
  expect(proxy.connections).toBeLessThanOrEqual(4);
});
