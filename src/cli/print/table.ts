/** Returns rows as aligned columns under a head. Columns from `numbersFrom` on hold numbers and are aligned to the right. */
export function tableLines(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbersFrom = head.length,
): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) =>
    widths
      .map((width, column) =>
        column < numbersFrom ? (row[column] ?? '').padEnd(width) : (row[column] ?? '').padStart(width),
      )
      .join('  ')
      .trimEnd(),
  );
}
