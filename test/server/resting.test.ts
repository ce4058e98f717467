import { InMemoryTransport } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { tellRest } from '../../src/server/resting.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function connect() {
  const [client, wire] = InMemoryTransport.createLinkedPair();
  await client.start();
  await wire.start();
  const told: boolean[] = [];
  tellRest(wire, (isAtRest) => told.push(isAtRest));
  const ask = (id: number, method = 'tools/list') => client.send({ jsonrpc: '2.0', id, method });
  const answer = (id: number) => wire.send({ jsonrpc: '2.0', id, result: {} });
  const refuse = (id: number) => wire.send({ jsonrpc: '2.0', id, error: { code: -32_601, message: 'no such method' } });
  const cancel = (requestId: number) =>
    client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } });
  return { told, ask, answer, refuse, cancel };
}

test('a server rests until it is asked, and again a second after its last answer', async () => {
  const { told, ask, answer } = await connect();
  expect(told).toEqual([true]);
  await ask(1);
  await ask(2);
  expect(told).toEqual([true, false]);
  await answer(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told, 'one request is still open').toEqual([true, false]);
  await answer(2);
  await vi.advanceTimersByTimeAsync(999);
  expect(told).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(1);
  expect(told).toEqual([true, false, true]);
});

test('a request within that second keeps it awake, and one that was cancelled is open no more', async () => {
  const { told, ask, answer, cancel } = await connect();
  await ask(1);
  await answer(1);
  await vi.advanceTimersByTimeAsync(900);
  await ask(2);
  await vi.advanceTimersByTimeAsync(900);
  expect(told).toEqual([true, false]);
  await cancel(2);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual([true, false, true]);
});

test('a subscription that stays open and a refusal let it rest', async () => {
  const { told, ask, refuse } = await connect();
  await ask(1, 'subscriptions/listen');
  await ask(2, 'nothing/known');
  await refuse(2);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual([true, false, true]);
});
