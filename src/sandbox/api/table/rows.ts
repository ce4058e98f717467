import type { ServedResource } from '../objects/resource.ts';
import type { Rows } from './cell.ts';
import { clusterRows } from './cluster-rows.ts';
import { coreRows } from './core-rows.ts';
import { workloadRows } from './workload-rows.ts';

/** What the real server shows of a kind that it has no columns for. */
const plainRows: Rows = {
  columns: ['Name', 'Created At date'],
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp ?? null],
};

/** The rows of a built-in kind. */
export const rowsOf = ({ table }: ServedResource): Rows =>
  coreRows[table] ?? workloadRows[table] ?? clusterRows[table] ?? plainRows;
