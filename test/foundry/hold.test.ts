import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { whileHolding } from '../../src/foundry/hold.ts';
import { type Lab, startLab } from '../support/lab.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab({ runtimes: [] });
  for (const user of ['eva', 'bob']) await lab.allow(user, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
});
afterEach(() => lab.stop());

const never = new AbortController().signal;
const renewal = { method: 'PATCH', path: /leases\/kubefoundry-kuberay/, user: 'eva' };

/** How many work at the moment. */
let working = 0;
const untilLost = async (signal: AbortSignal): Promise<void> => {
  working += 1;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  working -= 1;
  throw signal.reason;
};

async function holdAs<Result>(user: string, use: (signal: AbortSignal) => Promise<Result>, signal = never) {
  const site = await lab.foundry({ as: user }).site(undefined);
  return whileHolding(site, { runtime: 'kuberay', caller: user, progress: () => {} }, signal, use);
}

describe('a hold that cannot be renewed', () => {
  test('ends the work before another takes over, and says so', async () => {
    lab.api.faults.add({ match: renewal, action: { kind: 'status', status: 401 } });
    const lost = expect(holdAs('eva', untilLost)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringMatching(
        /^The Lease default\/kubefoundry-kuberay, .* could not be renewed for 10 s: the work was stopped before/,
      ),
      hint: expect.stringMatching(/Then call again: .*get_runtimes_status/),
    });
    await expect.poll(() => working).toBe(1);
    expect(await holdAs('bob', async () => working)).toBe(0);
    await lost;
  });

  test('does not hold up who cancels', { timeout: 15_000 }, async () => {
    lab.api.faults.add({ match: renewal, action: { kind: 'delay', milliseconds: 60_000 } });
    const cancelling = new AbortController();
    const held = expect(holdAs('eva', untilLost, cancelling.signal)).rejects.toThrow('no longer wanted');
    await expect.poll(() => working).toBe(1);
    await expect.poll(() => lab.api.openRequests, { timeout: 10_000 }).toBe(1);
    cancelling.abort(new Error('no longer wanted'));
    await held;
    const { cluster } = await lab.foundry().site(undefined);
    expect(await cluster.list({ group: 'coordination.k8s.io', kind: 'Lease' })).toEqual([]);
  });
});
