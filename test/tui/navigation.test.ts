import { expect, test } from 'vitest';
import { type Move, navigate, type Place, startAt } from '../../src/tui/state/navigation.ts';

const deployments: Place = { screen: 'deployments' };
const runtimes: Place = { screen: 'runtimes' };
const detail: Place = {
  screen: 'deployment',
  deployment: { namespace: 'a', name: 'qwen', runtime: 'dynamo' },
  tab: 'overview',
};

const after = (...moves: readonly Move[]) => moves.reduce(navigate, startAt(deployments));
const go = (place: Place): Move => ({ type: 'go', place });

test('places are gone through back and forth', () => {
  expect(after(go(runtimes), go(detail), { type: 'older' }).place).toEqual(runtimes);
  expect(after(go(runtimes), { type: 'older' }, { type: 'newer' }).place).toEqual(runtimes);
  expect(after({ type: 'older' }).place).toEqual(deployments);
  expect(after(go(runtimes), { type: 'older' }, go(detail), { type: 'newer' }).place).toEqual(detail);
});

test('another tab of the same deployment, or the same place again, is no step in the history', () => {
  const turned = after(go(detail), { type: 'turn', place: { ...detail, tab: 'pods' } });
  expect(turned).toMatchObject({ place: { tab: 'pods' }, older: [deployments] });
  expect(after(go(deployments)).older).toEqual([]);
});

test('what lies over a place goes with every move', () => {
  const open: Move = { type: 'open', overlay: { kind: 'help' } };
  expect(after(open).overlay).toEqual({ kind: 'help' });
  expect(after(open, { type: 'close' }).overlay).toBeUndefined();
  expect(after(open, go(runtimes)).overlay).toBeUndefined();
});
