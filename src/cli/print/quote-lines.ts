import type { Quote } from '../../movie/quote.js';
import { tableLines } from './table.js';

/** Returns the price of a movie in words, and how sure it is. */
export function priceInWords({ credits, bound }: Quote): string {
  const amount = `${credits} credit${credits === 1 ? '' : 's'}`;
  if (bound === 'exact') return `${amount}, exact`;
  if (bound === 'estimate') return `${amount}, an estimate`;
  return `${amount} known, and an unknown rest`;
}

/** Returns the parts of a quote as a table, and the price below it. */
export function quoteLines(file: string, quote: Quote): string[] {
  const rows = quote.parts.map(({ what, path = '', credits }) => [what, path, String(credits)]);
  return [...tableLines(['what', 'path', 'credits'], rows, 2), `${file}: ${priceInWords(quote)}`];
}
