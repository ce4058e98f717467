import { expect, test } from 'vitest';
import { otherVersion, upgradeChoices } from '../../src/tui/runtimes/upgrade-choices.ts';

test.each([
  ['1.4.2', ['1.5.1', '1.6.1']],
  ['1.5.0', ['1.5.1', '1.6.1']],
  ['1.5.3', ['1.6.1']],
  ['1.6.1', []],
  ['9.0.0', []],
])('from Dynamo %s on, what is newer is offered, the next one first', (version, newer) => {
  expect(upgradeChoices({ id: 'dynamo', version }).map(({ id }) => id)).toEqual([...newer, otherVersion]);
});

test.each([{}, { version: 'nightly' }])('after %j, which tells no order, every release is offered', (installed) => {
  const [first] = upgradeChoices({ id: 'dynamo', ...installed });
  expect(first?.id).toBe('1.0.2');
});
