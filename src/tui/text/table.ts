import { cutMiddle, plainCells, toWidth } from './cells.ts';
import { type Line, line, type Span, span, type Tone } from './line.ts';

/** One column of a table that shows rows of one kind. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** Columns of the terminal. */
  readonly min: number;
  /** It grows up to here where rows have so much to say (`length`). */
  readonly max?: number;
  readonly align?: 'left' | 'right';
  /** Where what does not fit is cut: its end, unless that is what rows differ by. */
  readonly cut?: 'middle';
  /** When room is short, the highest goes first; 0 never goes. */
  readonly priority: number;
  /** Columns of the terminal that a row would like to have; absent = `min`. */
  readonly length?: (row: Row) => number;
  /** Only among wide columns. */
  readonly wide?: true;
  readonly cell: (row: Row, now: Date) => Span;
  /** By what rows are sorted; null comes last. Absent = not sortable. */
  readonly sort?: (row: Row) => string | number | null;
}

export interface Layout<Row> {
  readonly columns: readonly { readonly column: Column<Row>; readonly width: number }[];
}

const gap = 2;

/** What the rows would like each column to have, by its id. */
export type Wishes = Readonly<Record<string, number>>;

export const wishesOf = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Wishes =>
  Object.fromEntries(
    columns.flatMap(({ id, length }) =>
      length ? [[id, rows.reduce((most, row) => Math.max(most, length(row)), 0)]] : [],
    ),
  );

interface LayoutOptions {
  readonly width: number;
  readonly wide: boolean;
  readonly wishes?: Wishes;
}

/** The columns that fit into the width, the room that is left given to those that can use it. */
export function layOut<Row>(columns: readonly Column<Row>[], options: LayoutOptions): Layout<Row> {
  const { width, wide, wishes = {} } = options;
  // One more than the title: an arrow may stand there.
  const least = ({ id, min, title }: Column<Row>) => Math.min(min, Math.max(wishes[id] ?? min, title.length + 1));
  const most = (column: Column<Row>) => Math.max(least(column), Math.min(column.max ?? 0, wishes[column.id] ?? 0));
  let kept = columns.filter((column) => wide || !column.wide);
  const needed = () => kept.reduce((sum, column) => sum + least(column), 0) + gap * Math.max(0, kept.length - 1);
  while (needed() > width) {
    const worst = Math.max(...kept.map(({ priority }) => priority));
    if (worst <= 0) break;
    kept = kept.filter(({ priority }) => priority !== worst);
  }
  const widths = kept.map(least);
  let spare = width - needed();
  while (spare > 0) {
    const growing = kept.flatMap((column, index) => ((widths[index] ?? 0) < most(column) ? [index] : []));
    if (growing.length === 0) break;
    for (const index of growing) {
      if (spare <= 0) break;
      widths[index] = (widths[index] ?? 0) + 1;
      spare -= 1;
    }
  }
  return { columns: kept.map((column, index) => ({ column, width: widths[index] ?? 0 })) };
}

interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

/** The row of titles; an arrow stands at the one by which rows are sorted. */
export function headings<Row>(
  { columns }: Layout<Row>,
  arrows: { readonly up: string; readonly down: string },
  sort?: Sorting,
): readonly Span[] {
  return columns.flatMap(({ column, width }, index) => {
    const arrow = sort?.column === column.id ? (sort.descending ? arrows.down : arrows.up) : '';
    const title = column.title + arrow;
    return [...(index === 0 ? [] : [span(' '.repeat(gap))]), span(toWidth(title, width, column.align), 'dim')];
  });
}

/** The cells of one row. */
export function cells<Row>({ columns }: Layout<Row>, row: Row, now: Date): readonly Span[] {
  return columns.flatMap(({ column, width }, index) => {
    const { text, tone } = column.cell(row, now);
    const shown = column.cut === 'middle' ? cutMiddle(plainCells(text), width) : text;
    return [...(index === 0 ? [] : [span(' '.repeat(gap))]), span(toWidth(shown, width, column.align), tone)];
  });
}

/** A row of a list: cursor and mark before its cells. */
export const listRow = (
  spans: readonly Span[],
  { cursor, marked }: { readonly cursor: string; readonly marked: string },
  tone: Tone | undefined,
): Line => ({
  spans: [span(cursor, 'accent'), span(marked, 'marked'), span(' '), ...spans],
  ...(tone !== undefined && { tone }),
});

/** A whole table that nobody moves in. */
export function plainTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: { readonly width: number; readonly now: Date; readonly wide?: boolean },
): readonly Line[] {
  const { width, wide = true } = options;
  const layout = layOut(columns, { width, wide, wishes: wishesOf(columns, rows) });
  return [
    line(...headings(layout, { up: '', down: '' })),
    ...rows.map((row) => line(...cells(layout, row, options.now))),
  ];
}

/** Rows in the order of a column; equal ones keep the order that they had. */
export function sorted<Row>(rows: readonly Row[], columns: readonly Column<Row>[], { column, descending }: Sorting) {
  const by = columns.find(({ id }) => id === column)?.sort;
  if (!by) return rows;
  const keyed = rows.map((row) => ({ row, key: by(row) }));
  const direction = descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === b.key) return 0;
    if (a.key === null) return 1;
    if (b.key === null) return -1;
    return (a.key < b.key ? -1 : 1) * direction;
  });
  return keyed.map(({ row }) => row);
}
