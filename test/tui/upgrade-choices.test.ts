import { expect, test } from 'vitest';
import { otherVersion, upgradeChoices } from '../../src/tui/runtimes/upgrade-choices.ts';

test.each([
  ['1.1.1', ['1.2.1']],
  ['1.4.2', ['1.5.1']],
  ['1.5.0', ['1.5.1', '1.6.1']],
  ['1.5.3', ['1.6.1']],
  ['1.6.1', []],
  ['9.0.0', []],
])('from Dynamo %s on, what one upgrade leads to is offered: no minor version is skipped', (version, newer) => {
  expect(upgradeChoices({ id: 'dynamo', version }).map(({ id }) => id)).toEqual([...newer, otherVersion]);
});

test.each([{}, { version: 'nightly' }])('after %j, which tells no order, every release is offered', (installed) => {
  const [first] = upgradeChoices({ id: 'dynamo', ...installed });
  expect(first?.id).toBe('1.0.2');
});

test('KubeRay may skip versions: all that are newer are offered, the next one first', () => {
  const choices = upgradeChoices({ id: 'kuberay', version: '1.6.1' });
  expect(choices.map(({ id }) => id)).toEqual(['1.6.2', '1.7.0', otherVersion]);
});
