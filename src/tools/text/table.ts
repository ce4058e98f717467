/** Left-aligned columns two spaces apart; columns that are empty in every row are left out. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const used = headers.map((_, column) => rows.some((row) => (row[column] ?? '') !== ''));
  const kept = [headers, ...rows].map((row) => row.filter((_, column) => used[column]));
  const widths = (kept[0] ?? []).map((_, column) => Math.max(...kept.map((row) => row[column]?.length ?? 0)));
  return kept
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
