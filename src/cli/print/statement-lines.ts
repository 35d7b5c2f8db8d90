import type { Statement } from '../../starter/statement.js';
import { shorten } from '../../text/text.js';
import { tableLines } from './table.js';

/** Characters of the longest bar. */
const BAR_CHARACTERS = 40;

/** Returns a statement as a bar chart, with the sum below it. */
export function statementLines({ since, until, by, credits, renders, rows }: Statement): string[] {
  const period = `from ${since} to ${until}`;
  if (rows.length === 0) return [`no credits were spent ${period}`];
  const most = Math.max(...rows.map((row) => row.credits));
  const cells = rows.map((row) => [
    shorten(row.name === '' ? `no ${by}` : row.name, 60),
    barOf(row.credits, most),
    String(row.credits),
    String(row.renders),
  ]);
  const sum = `${credits} credits for ${renders} render${renders === 1 ? '' : 's'} ${period}`;
  return [...tableLines([by, '', 'credits', 'renders'], cells, 2), sum];
}

function barOf(credits: number, most: number): string {
  return credits === 0 ? '' : '█'.repeat(Math.max(1, Math.round((credits / most) * BAR_CHARACTERS)));
}
