/** Which row a list stands on, and how its rows are chosen. Rows are known by their ids: the cursor stays on its row when the order changes. */
export interface ListState {
  readonly cursor?: string;
  /** A row that gets the cursor when it comes, unless that was moved meanwhile. */
  readonly awaited?: string;
  /** Where the cursor was, for when its row goes away. */
  readonly at: number;
  /** First row that is shown. */
  readonly top: number;
  readonly filter: string;
  readonly faultsOnly: boolean;
  readonly sort: { readonly column: string; readonly descending: boolean };
  readonly wide: boolean;
  /** What is marked belongs to an object, not to its row: see `MarkableRows`. */
  readonly marked: ReadonlySet<string>;
}

/** The rows as they are shown now. */
export interface Shown {
  readonly ids: readonly string[];
  readonly height: number;
}

/** Rows that can be marked: the mark of each, in the same order. Another object in the same row has another mark. */
interface MarkableRows extends Shown {
  readonly marks: readonly string[];
}

export type ListAction =
  | { readonly type: 'move'; readonly by: number | 'first' | 'last' | 'pageUp' | 'pageDown'; readonly shown: Shown }
  /** `isAwaited`: the row may not be there yet. */
  | { readonly type: 'choose'; readonly id: string; readonly isAwaited?: true }
  | { readonly type: 'filter'; readonly text: string }
  | { readonly type: 'faults' }
  | { readonly type: 'sort'; readonly column: string }
  | { readonly type: 'reverse' }
  | { readonly type: 'wide' }
  | { readonly type: 'mark'; readonly shown: MarkableRows }
  | { readonly type: 'range'; readonly shown: MarkableRows }
  | { readonly type: 'markAll'; readonly shown: MarkableRows }
  | { readonly type: 'unmark' }
  /** The marks of all that there is, whatever is shown of it: the others are forgotten. */
  | { readonly type: 'keep'; readonly marks: readonly string[] }
  /** The cursor belongs to the row that it is seen on, also where that took the place of another. */
  | { readonly type: 'settle'; readonly ids: readonly string[] };

export const emptyList = (column: string): ListState => ({
  at: 0,
  top: 0,
  filter: '',
  faultsOnly: false,
  sort: { column, descending: false },
  wide: false,
  marked: new Set(),
});

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(value, high));

/** Index of the cursor's row; where it is gone, the row that took its place. -1 in an empty list. */
export function cursorIndex({ cursor, at }: ListState, ids: readonly string[]): number {
  const found = cursor === undefined ? -1 : ids.indexOf(cursor);
  return found >= 0 ? found : Math.min(at, ids.length - 1);
}

/** First row to show, so that the cursor is seen and no room is left empty. */
export function topFor(state: ListState, { ids, height }: Shown): number {
  const index = cursorIndex(state, ids);
  const top = clamp(state.top, index - height + 1, Math.max(0, index));
  return clamp(top, 0, Math.max(0, ids.length - height));
}

export function reduceList(state: ListState, action: ListAction): ListState {
  switch (action.type) {
    case 'move':
      return moved(state, action.by, action.shown);
    case 'choose':
      return { ...state, cursor: action.id, ...(action.isAwaited && { awaited: action.id }) };
    case 'filter':
      return { ...state, filter: action.text };
    case 'faults':
      return { ...state, faultsOnly: !state.faultsOnly };
    case 'sort':
      return { ...state, sort: { column: action.column, descending: false } };
    case 'reverse':
      return { ...state, sort: { ...state.sort, descending: !state.sort.descending } };
    case 'wide':
      return { ...state, wide: !state.wide };
    case 'mark': {
      const mark = action.shown.marks[cursorIndex(state, action.shown.ids)];
      if (mark === undefined) return state;
      const marked = new Set(state.marked);
      if (!marked.delete(mark)) marked.add(mark);
      return moved({ ...state, marked }, 1, action.shown);
    }
    case 'range':
      return { ...state, marked: withRange(state, action.shown) };
    case 'markAll': {
      const { marks } = action.shown;
      const all = marks.every((mark) => state.marked.has(mark));
      return { ...state, marked: new Set(all ? [] : [...state.marked, ...marks]) };
    }
    case 'unmark':
      return { ...state, marked: new Set() };
    case 'keep': {
      const marked = new Set(action.marks.filter((mark) => state.marked.has(mark)));
      return marked.size === state.marked.size ? state : { ...state, marked };
    }
    case 'settle': {
      const { awaited, ...rest } = state;
      if (awaited !== undefined && action.ids.includes(awaited))
        return { ...rest, cursor: awaited, at: action.ids.indexOf(awaited) };
      const at = cursorIndex(state, action.ids);
      const cursor = action.ids[at];
      return cursor === undefined || (cursor === state.cursor && at === state.at) ? state : { ...state, cursor, at };
    }
  }
}

function moved(state: ListState, by: Extract<ListAction, { type: 'move' }>['by'], shown: Shown): ListState {
  const { ids, height } = shown;
  const now = cursorIndex(state, ids);
  const page = Math.max(1, height - 1);
  const steps = { first: -ids.length, last: ids.length, pageUp: -page, pageDown: page };
  const at = clamp(now + (typeof by === 'number' ? by : steps[by]), 0, Math.max(0, ids.length - 1));
  const { cursor: _, awaited: __, ...rest } = state;
  const cursor = ids[at];
  const next: ListState = { ...rest, at, ...(cursor !== undefined && { cursor }) };
  return { ...next, top: topFor(next, shown) };
}

/** Marks from the nearest marked row to the cursor. */
function withRange(state: ListState, { ids, marks }: MarkableRows): ReadonlySet<string> {
  const cursor = cursorIndex(state, ids);
  const marked = marks.flatMap((mark, index) => (state.marked.has(mark) ? [index] : []));
  const nearest = marked.toSorted((a, b) => Math.abs(a - cursor) - Math.abs(b - cursor))[0] ?? cursor;
  const range = marks.slice(Math.min(nearest, cursor), Math.max(nearest, cursor) + 1);
  return new Set([...state.marked, ...range]);
}
