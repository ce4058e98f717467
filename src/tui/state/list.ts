/** Which row a list stands on, and how its rows are chosen. Rows are known by their ids: the cursor stays on its row when the order changes. */
export interface ListState {
  readonly cursor?: string;
  /** Where the cursor was, for when its row goes away. */
  readonly at: number;
  /** First row that is shown. */
  readonly top: number;
  readonly filter: string;
  readonly faultsOnly: boolean;
  readonly sort: { readonly column: string; readonly descending: boolean };
  readonly wide: boolean;
  readonly marked: ReadonlySet<string>;
}

/** The rows as they are shown now. */
export interface Shown {
  readonly ids: readonly string[];
  readonly height: number;
}

export type ListAction =
  | { readonly type: 'move'; readonly by: number | 'first' | 'last' | 'pageUp' | 'pageDown'; readonly shown: Shown }
  | { readonly type: 'choose'; readonly id: string }
  | { readonly type: 'filter'; readonly text: string }
  | { readonly type: 'faults' }
  | { readonly type: 'sort'; readonly column: string }
  | { readonly type: 'reverse' }
  | { readonly type: 'wide' }
  | { readonly type: 'mark'; readonly shown: Shown }
  | { readonly type: 'range'; readonly shown: Shown }
  | { readonly type: 'markAll'; readonly shown: Shown }
  | { readonly type: 'unmark' };

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
      return { ...state, cursor: action.id };
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
      const id = action.shown.ids[cursorIndex(state, action.shown.ids)];
      if (id === undefined) return state;
      const marked = new Set(state.marked);
      if (!marked.delete(id)) marked.add(id);
      return moved({ ...state, marked }, 1, action.shown);
    }
    case 'range':
      return { ...state, marked: withRange(state, action.shown.ids) };
    case 'markAll': {
      const all = action.shown.ids.every((id) => state.marked.has(id));
      return { ...state, marked: new Set(all ? [] : action.shown.ids) };
    }
    case 'unmark':
      return { ...state, marked: new Set() };
  }
}

function moved(state: ListState, by: Extract<ListAction, { type: 'move' }>['by'], shown: Shown): ListState {
  const { ids, height } = shown;
  const now = cursorIndex(state, ids);
  const page = Math.max(1, height - 1);
  const steps = { first: -ids.length, last: ids.length, pageUp: -page, pageDown: page };
  const at = clamp(now + (typeof by === 'number' ? by : steps[by]), 0, Math.max(0, ids.length - 1));
  const { cursor: _, ...rest } = state;
  const cursor = ids[at];
  const next: ListState = { ...rest, at, ...(cursor !== undefined && { cursor }) };
  return { ...next, top: topFor(next, shown) };
}

/** Marks from the nearest marked row to the cursor. */
function withRange(state: ListState, ids: readonly string[]): ReadonlySet<string> {
  const cursor = cursorIndex(state, ids);
  const marks = ids.flatMap((id, index) => (state.marked.has(id) ? [index] : []));
  const nearest = marks.toSorted((a, b) => Math.abs(a - cursor) - Math.abs(b - cursor))[0] ?? cursor;
  const range = ids.slice(Math.min(nearest, cursor), Math.max(nearest, cursor) + 1);
  return new Set([...state.marked, ...range]);
}
