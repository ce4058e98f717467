import { expect, test } from 'vitest';
import { cursorIndex, emptyList, type ListAction, reduceList, topFor } from '../../src/tui/state/list.ts';

const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
/** Each row has a mark of its own, which is not its id. */
const shown = { ids, marks: ids.map((id) => `${id}1`), height: 3 };

const after = (...actions: readonly ListAction[]) => actions.reduce(reduceList, emptyList('name'));
const move = (by: Extract<ListAction, { type: 'move' }>['by']): ListAction => ({ type: 'move', by, shown });

test('the cursor moves within the list, and the window follows it', () => {
  expect(after(move(1))).toMatchObject({ cursor: 'b', top: 0 });
  expect(after(move('last'))).toMatchObject({ cursor: 'f', top: 3 });
  expect(after(move('last'), move('pageUp'))).toMatchObject({ cursor: 'd', top: 3 });
  expect(after(move('last'), move('first'), move(-1))).toMatchObject({ cursor: 'a', top: 0 });
});

test('the cursor stays on its row when the order changes, and where its row goes, on the one that takes its place', () => {
  const state = after(move(2));
  expect(cursorIndex(state, ['f', 'e', 'd', 'c', 'b', 'a'])).toBe(3);
  expect(cursorIndex(state, ['a', 'b', 'd'])).toBe(2);
  expect(cursorIndex(state, ['a'])).toBe(0);
  expect(cursorIndex(state, [])).toBe(-1);
});

test('a row that was chosen before it is there gets the cursor when it comes, unless that was moved', () => {
  const choose: ListAction = { type: 'choose', id: 'new', isAwaited: true };
  const settle = (...rows: readonly string[]): ListAction => ({ type: 'settle', ids: rows });
  expect(after(move(1), choose, settle(...ids))).toMatchObject({ cursor: 'b' });
  expect(after(move(1), choose, settle(...ids), settle(...ids, 'new'))).toMatchObject({ cursor: 'new', at: 6 });
  expect(after(choose, settle(...ids), move(1), settle(...ids, 'new'))).toMatchObject({ cursor: 'b' });
});

test('no room is left empty when rows go', () => {
  const state = after(move('last'));
  expect(topFor(state, { ids: ['a', 'b', 'c', 'd'], height: 3 })).toBe(1);
  expect(topFor(state, { ids: ['a'], height: 3 })).toBe(0);
  expect(topFor(state, { ids: [], height: 3 })).toBe(0);
});

test('rows are marked one by one, up to the cursor, or all, and unmarked the same way', () => {
  const mark: ListAction = { type: 'mark', shown };
  const marked = (...actions: readonly ListAction[]) => [...after(...actions).marked].sort();
  expect(marked(mark, mark)).toEqual(['a1', 'b1']);
  expect(marked(mark, move('first'), mark)).toEqual([]);
  expect(marked(mark, move(2), { type: 'range', shown })).toEqual(['a1', 'b1', 'c1', 'd1']);
  expect(marked({ type: 'markAll', shown })).toEqual(shown.marks);
  expect(marked({ type: 'markAll', shown }, { type: 'markAll', shown })).toEqual([]);
});

test('marks of what is gone are forgotten, and another object in the same row has none', () => {
  const state = after({ type: 'markAll', shown });
  const kept = reduceList(state, { type: 'keep', marks: ['a1', 'b2', 'c1'] });
  expect([...kept.marked]).toEqual(['a1', 'c1']);
  expect(reduceList(state, { type: 'keep', marks: [...shown.marks, 'g1'] })).toBe(state);
});

test('what took the place of the row that went is what the cursor is on, also when that row comes back', () => {
  const state = after(move(1), { type: 'settle', ids: ['a', 'c', 'd'] });
  expect(cursorIndex(state, ids)).toBe(2);
  expect(reduceList(state, { type: 'settle', ids: [] })).toBe(state);
  expect(reduceList(emptyList('name'), { type: 'settle', ids: ['b'] })).toMatchObject({ cursor: 'b', at: 0 });
});

test('an empty list can be moved in', () => {
  const empty = { ids: [], height: 3 };
  expect(reduceList(emptyList('name'), { type: 'move', by: 1, shown: empty })).toMatchObject({ at: 0, top: 0 });
});
