import { expect, test } from 'vitest';
import { actionIds, bindingOf, groupOf, groups, keyLabel } from '../../src/tui/keys/table.ts';
import { strokesOf } from '../../src/tui/terminal/strokes.ts';

/** Groups of keys that are offered at the same time. */
const together = [
  ['app', 'list', 'table', 'deployment'],
  ['app', 'list', 'tab', 'deployment'],
  ['app', 'list', 'runtime'],
  ['app', 'form'],
  ['app', 'send'],
  ['choice'],
  ['page'],
];

test.each(together)('no key means two things at once (%s …)', (...names) => {
  const keys = actionIds.filter((id) => names.includes(groupOf(id))).flatMap((id) => bindingOf(id).keys);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test('every key belongs to a group of the help, and nothing that changes the cluster is a Ctrl chord', () => {
  const known: readonly string[] = groups.map(([group]) => group);
  expect(actionIds.filter((id) => !known.includes(groupOf(id)))).toEqual([]);
  const changing = actionIds.filter((id) => bindingOf(id).mutates);
  expect(changing.flatMap((id) => bindingOf(id).keys).filter((key) => key.startsWith('ctrl'))).toEqual([]);
});

test('keys are shown as people call them', () => {
  expect(['ctrl+r', 'shift+tab', 'enter', 'G'].map(keyLabel)).toEqual(['Ctrl-R', 'Shift-Tab', 'Enter', 'G']);
});

const none: Parameters<typeof strokesOf>[1] = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

test.each([
  ['jjj', {}, ['j', 'j', 'j']],
  ['abc\r', {}, ['a', 'b', 'c', 'enter']],
  ['a\r\nb', {}, ['a', 'enter', 'b']],
  ['', { downArrow: true }, ['down']],
  ['', { tab: true, shift: true }, ['shift+tab']],
  ['r', { ctrl: true }, ['ctrl+r']],
  ['\u0015x\u007f', {}, ['ctrl+u', 'x', 'backspace']],
  [' ', {}, ['space']],
  ['j', { meta: true }, ['escape', 'j']],
  ['p', { meta: true, ctrl: true }, ['escape', 'ctrl+p']],
  ['', { meta: true, return: true }, ['escape', 'enter']],
  ['', { meta: true, backspace: true }, ['escape', 'backspace']],
  ['', { meta: true, escape: true }, ['escape']],
  ['', { meta: true, leftArrow: true }, ['left']],
  ['👨‍👩‍👧é', {}, ['👨‍👩‍👧', 'é']],
  ['j', { eventType: 'release' as const }, []],
])('the input %j (%j) is the keys %j', (input, key, expected) => {
  expect(strokesOf(input, { ...none, ...key }).map(({ name }) => name)).toEqual(expected);
});
