import { type Quote, quoteMovie } from '../movie/quote.js';
import { classifySubmission } from '../render/submission.js';
import { isJsonObject } from '../text/json.js';
import { shorten } from '../text/text.js';
import type { Json2Video } from './client.js';

/** Longest reading of a template for a quote. */
const READ_MS = 5_000;

/**
 * Returns the price of a movie as `quoteMovie` does. Reads the template that the movie names if there is a provider to ask;
 * if that fails, the quote is `unknown` and its part has the reason. Never throws.
 */
export async function quoteWithTemplate(
  movie: unknown,
  provider: Pick<Json2Video, 'template'> | undefined,
): Promise<Quote> {
  const template = isJsonObject(movie) ? movie['template'] : undefined;
  const isNamed = typeof template === 'string' && template !== '';
  if (provider === undefined || !isNamed) return quoteMovie(movie);
  const reading = await provider.template(template, READ_MS);
  if ('own' in reading) return quoteMovie(movie, reading.movie);
  const end = 'evidence' in reading ? classifySubmission(reading.evidence) : undefined;
  const why = 'unreadable' in reading ? reading.unreadable : end && 'message' in end ? end.message : '';
  const quote = quoteMovie(movie);
  return {
    ...quote,
    parts: quote.parts.map((part) => ({ ...part, what: `${part.what}: ${shorten(why, 200)}` })),
  };
}
