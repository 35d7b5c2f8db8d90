import type { Demo } from './demo.js';

/** Columns that hold text; the others hold numbers and stand to the right. */
const TEXT_COLUMNS = 4;

/** The demo's end for a person. */
export function demoLines(demo: Demo): string[] {
  const header = [
    'key',
    'what happens',
    'end',
    'project',
    'callers',
    'paid POSTs',
    'GETs',
    'webhooks',
    'seconds',
  ];
  const rows = demo.keys.map((key) =>
    [
      key.key,
      key.what,
      key.state,
      key.project,
      key.callers,
      key.postsAccepted,
      key.gets,
      key.webhooks,
      key.seconds,
    ].map(String),
  );
  const { callers, postsAccepted, duplicatePosts, creditsSpent, postsNaive, creditsNaive } = demo.totals;
  return [
    '',
    ...aligned([header, ...rows]),
    '',
    `renderonce: ${callers} callers, ${postsAccepted} paid POSTs, ${duplicatePosts} duplicates, ${creditsSpent} credits`,
    `naive client, same events: ${postsNaive} paid POSTs, ${creditsNaive} credits`,
    `same key with another movie: ${demo.otherMovieRefused ? 'refused, nothing sent' : 'NOT refused'}`,
    '',
    demo.ok
      ? 'Every promise held: each key was paid for once. (All counted by the ledger of the local JSON2Video; no credit was real.)'
      : 'A promise did not hold: see the table.',
  ];
}

/** Rows as columns of equal width; numbers to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column < TEXT_COLUMNS ? cell.padEnd(width(column)) : cell.padStart(width(column)),
      )
      .join('  ')
      .trimEnd(),
  );
}
