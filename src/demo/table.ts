import type { Demo } from './demo.js';

/** The demo's end for a person. */
export function demoLines(demo: Demo): string[] {
  const header = ['key', 'state', 'project', 'callers', 'paid POSTs', 'GETs', 'webhooks', 'seconds'];
  const rows = demo.keys.map((key) =>
    [
      key.key,
      key.state,
      key.project,
      key.callers,
      key.postsAccepted,
      key.gets,
      key.webhooks,
      key.seconds,
    ].map(String),
  );
  const { callers, postsAccepted, duplicatePosts, creditsSpent } = demo.totals;
  return [
    '',
    ...aligned([header, ...rows]),
    '',
    `${callers} callers, ${postsAccepted} paid POSTs, ${duplicatePosts} duplicates, ${creditsSpent} credits spent (none of them real)`,
    demo.ok ? 'Every movie was paid for once.' : 'A promise did not hold: see the table.',
  ];
}

/** Rows as columns of equal width; numbers to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 3 ? cell.padEnd(width(column)) : cell.padStart(width(column))))
      .join('  ')
      .trimEnd(),
  );
}
