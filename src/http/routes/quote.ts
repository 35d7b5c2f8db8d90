import { parseMovie } from '../../movie/movie.js';
import { quoteMovie } from '../../movie/quote.js';
import { type Api, problems } from '../api.js';
import { movieSchema, quoteSchema } from '../schemas.js';

/** Adds the route that tells the price of a movie. */
export function addQuoteRoute(api: Api): void {
  api.post(
    '/v1/quote',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'quoteMovie',
        summary: 'Tell the price of a movie; sends nothing',
        body: movieSchema,
        response: { 200: quoteSchema, ...problems(413, 415) },
      },
    },
    (request) => quoteMovie(parseMovie(request.body, '')),
  );
}
