import fc from 'fast-check';
import { renderToString, Text } from 'ink';
import { createElement } from 'react';
import { expect, test } from 'vitest';
import { cut, cutMiddle, plainCells, toWidth, widthOf, wrap } from '../../src/tui/text/cells.ts';
import { edit, type Field, fieldOf, fieldSpans, insert, isTyped, selectedField } from '../../src/tui/text/field.ts';
import { beside, ends, line, lineWidth, span } from '../../src/tui/text/line.ts';
import { paint } from '../../src/tui/text/paint.ts';
import { type Column, headings, layOut } from '../../src/tui/text/table.ts';
import { themeFor, themes } from '../../src/tui/themes/themes.ts';
import { matching } from '../../src/tui/widgets/picker.tsx';

const hostile = fc.string({ unit: 'binary', maxLength: 40 });

test('whatever stands in a text, a cell is exactly as wide as it should be', () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 30 }), (text, width) => {
      expect(widthOf(toWidth(text, width))).toBe(width);
      for (const row of wrap(text, width)) expect(widthOf(row)).toBeLessThanOrEqual(width);
    }),
  );
});

test.each([
  ['plain', 'plain'],
  ['a\u0301', 'á'],
  ['zero\u200bwidth\u202e', 'zerowidth'],
  ['family 👨‍👩‍👧!', 'family ???!'],
  ['esc\u001b[31mred', 'escred'],
  ['\u0d4e\u{11a84} joins', '?? joins'],
  ['日本', '日本'],
])('%j is shown as %j', (text, shown) => {
  expect(plainCells(text)).toBe(shown);
});

test('wide letters are cut before the one that does not fit, and the cut is marked', () => {
  expect(cut('日本語', 5)).toBe('日本~');
  expect(toWidth('日本語', 4)).toBe('日~ ');
});

test('what differs at its end is cut in its middle', () => {
  expect(cutMiddle('my-ray-h6fht-gpu-workers-worker-x7k2p', 20)).toBe('my-ray~-worker-x7k2p');
  expect(cutMiddle('short', 5)).toBe('short');
  expect(cutMiddle('日本語日本語', 7)).toBe('日~本語');
});

test('a field is edited by whole letters, and what is pasted becomes one line', () => {
  const keys = (field: Field, ...names: readonly string[]) =>
    names.reduce((now, name) => edit(now, { name, ...(name.length === 1 && { text: name }) }) ?? now, field);
  expect(keys(fieldOf('a👨‍👩‍👧'), 'backspace')).toEqual({ text: 'a', at: 1 });
  expect(keys(fieldOf('one two'), 'ctrl+w', 'x')).toEqual({ text: 'one x', at: 5 });
  expect(keys(fieldOf('bc'), 'home', 'a', 'end', 'd')).toEqual({ text: 'abcd', at: 4 });
  expect(keys(fieldOf('abc'), 'left', 'delete', 'left', 'ctrl+k')).toEqual({ text: 'a', at: 1 });
  expect(insert(fieldOf('a'), 'b\r\nc')).toEqual({ text: 'ab c', at: 4 });
  expect(edit(fieldOf(''), { name: 'f1' })).toBeUndefined();
  expect(['a', '?', 'space', 'left', 'ctrl+u'].filter(isTyped)).toHaveLength(5);
  expect(['tab', 'enter', 'escape', 'down', 'ctrl+s', 'pagedown'].filter(isTyped)).toEqual([]);
  // What stood there before anybody typed gives way to the first letter, and to nothing else.
  expect(keys(selectedField('12'), '3', '4')).toEqual({ text: '34', at: 2 });
  expect(insert(selectedField('12'), '345')).toEqual({ text: '345', at: 3 });
  expect(keys(selectedField('12'), 'backspace', '3')).toEqual({ text: '13', at: 2 });
  expect(keys(selectedField('12'), 'end', '3')).toEqual({ text: '123', at: 3 });
});

test('a field takes the width that it is given, wherever its cursor stands', () => {
  fc.assert(
    fc.property(hostile, fc.nat(40), fc.integer({ min: 3, max: 30 }), (text, at, width) => {
      const field = { ...fieldOf(text), at: Math.min(at, fieldOf(text).at) };
      expect(lineWidth({ spans: fieldSpans(field, width, true) })).toBeLessThanOrEqual(width + 1);
    }),
  );
});

test('rows are joined at their ends and side by side without ever growing wider', () => {
  expect(
    ends(line('left'), line('right'), 12)
      .spans.map(({ text }) => text)
      .join(''),
  ).toBe('left   right');
  expect(
    ends(line('left'), line('a long right end'), 12)
      .spans.map(({ text }) => text)
      .join(''),
  ).toBe('left a long~');
  const [first] = beside([line('a')], [line('b')], [3, 3], '|');
  expect(first?.spans.map(({ text }) => text).join('')).toBe('a   | b');
});

test('a painted row has colours only where the theme has, and is never empty', () => {
  expect(paint(line(span('x', 'bad')), 10, themes.dark)).toBe('\u001b[38;5;210mx\u001b[39m');
  expect(paint(line(span('x', 'good')), 10, themes.plain)).toBe('x');
  expect(paint(line(), 10, themes.plain)).toBe(' ');
  expect(paint({ ...line('x'), tone: 'cursor' }, 3, themes.plain)).toBe('\u001b[7mx  \u001b[27m');
});

test('Ink leaves a painted row as it is, in any theme, so that it takes it apart only once', () => {
  const tones = ['dim', 'title', 'accent', 'bad', 'key', 'tab', 'cursor', 'input', undefined] as const;
  const parts = fc.array(fc.tuple(fc.constantFrom('x', 'two words', '日本'), fc.constantFrom(...tones)), {
    minLength: 1,
  });
  fc.assert(
    fc.property(parts, fc.constantFrom(...Object.values(themes)), fc.constantFrom(...tones), (words, theme, tone) => {
      const row = { ...line(...words.map((part) => span(...part))), ...(tone && { tone }) };
      const painted = paint(row, 60, theme);
      expect(renderToString(createElement(Text, { wrap: 'truncate' }, painted), { columns: 60 })).toBe(
        painted.trimEnd(),
      );
    }),
  );
});

test.each([
  [{ TERM: 'xterm-256color', LANG: 'en_US.UTF-8' }, 'dark'],
  [{ TERM: 'xterm-256color', LANG: 'en_US.UTF-8', COLORFGBG: '0;15' }, 'light'],
  [{ TERM: 'xterm-256color', LANG: 'en_US.UTF-8', NO_COLOR: '1' }, 'plain'],
  [{ TERM: 'xterm', LANG: 'en_US.UTF-8' }, 'contrast'],
  [{ TERM: 'xterm-256color', LANG: 'C' }, 'ascii'],
  [{ TERM: 'linux' }, 'ascii'],
])('in the environment %j it looks %s', (environment, theme) => {
  expect(themeFor(environment)).toBe(theme);
});

const columns: readonly Column<{ readonly name: string }>[] = [
  { id: 'name', title: 'NAME', min: 8, max: 20, length: ({ name }) => name.length, priority: 0, cell: () => span('') },
  { id: 'kind', title: 'KIND', min: 6, priority: 2, cell: () => span('') },
  { id: 'age', title: 'AGE', min: 4, priority: 1, cell: () => span('') },
  { id: 'owner', title: 'OWNER', min: 6, priority: 3, wide: true, cell: () => span('') },
];

test('columns give way by their priority, and room goes to those that have something to say', () => {
  const ids = (width: number, wide = false, name = 30) =>
    layOut(columns, { width, wide, wishes: { name } }).columns.map(({ column, width: own }) => `${column.id}:${own}`);
  expect(ids(40)).toEqual(['name:20', 'kind:6', 'age:4']);
  expect(ids(40, true)).toEqual(['name:18', 'kind:6', 'age:4', 'owner:6']);
  expect(ids(22)).toEqual(['name:8', 'kind:6', 'age:4']);
  expect(ids(21)).toEqual(['name:15', 'age:4']);
  expect(ids(21, false, 3)).toEqual(['name:5', 'kind:6', 'age:4']);
  const layout = layOut(columns, { width: 40, wide: false });
  expect(headings(layout, { up: '^', down: 'v' }, { column: 'age', descending: true }).at(-1)?.text).toBe('AGEv');
});

test('the choice of just the name that was typed comes before those that begin so', () => {
  const choices = ['prod-eu', 'staging-prod', 'prod'].map((label) => ({ id: label, label }));
  expect(matching(choices, 'prod').map(({ id }) => id)).toEqual(['prod', 'prod-eu', 'staging-prod']);
  expect(matching(choices, 'Prod ').map(({ id }) => id)[0]).toBe('prod');
});
