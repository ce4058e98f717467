import type { LiveList } from '../cluster/cluster.ts';

/** What came into a list and what went out of it; an item that changed did both. */
export interface ListChanges<Item> {
  readonly gone: readonly Item[];
  readonly come: readonly Item[];
}

/** The difference of two lists whose items keep their identity. Costs little where they are much the same. */
export function changesBetween<Item>(before: readonly Item[], after: readonly Item[]): ListChanges<Item> {
  const shorter = Math.min(before.length, after.length);
  if (before === after) return { gone: [], come: [] };
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const [old, now] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  if (old.length === 0 || now.length === 0) return { gone: old, come: now };
  const [was, is] = [new Set(old), new Set(now)];
  return { gone: old.filter((item) => !is.has(item)), come: now.filter((item) => !was.has(item)) };
}

/** What changed in several live lists together, from one look to the next; a list that is no longer among them is gone with all. */
export function createIntake<Item>(): (lists: readonly LiveList<Item>[]) => ListChanges<Item> {
  let taken = new Map<LiveList<Item>, readonly Item[]>();
  return (lists) => {
    const now = new Map(lists.map((list) => [list, list.snapshot().items]));
    const changes = [...new Set([...taken.keys(), ...now.keys()])].map((list) =>
      changesBetween(taken.get(list) ?? [], now.get(list) ?? []),
    );
    taken = now;
    return { gone: changes.flatMap(({ gone }) => gone), come: changes.flatMap(({ come }) => come) };
  };
}
