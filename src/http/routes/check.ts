import type { FastifyInstance } from 'fastify';
import { quoteWithTemplate } from '../../json2video/template-quote.js';
import { checkReadMovie } from '../../movie/check.js';
import { parseMovie } from '../../movie/movie.js';
import { readJsonText } from '../../text/json-text.js';
import { type Api, type ApiDependencies, problems } from '../api.js';
import { readTextBodies } from '../body.js';
import { Refusal } from '../refusal.js';
import { checkSchema, movieSchema, quoteSchema } from '../schemas.js';

/** Adds the routes that judge a movie and send nothing of it. */
export async function addCheckRoutes(api: Api, dependencies: ApiDependencies): Promise<void> {
  addQuoteRoute(api, dependencies);
  await api.register(async (scope) => addCheckRoute(scope, dependencies));
}

/** Adds the route that tells the price of a movie. */
function addQuoteRoute(api: Api, { provider }: ApiDependencies): void {
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
    (request) => quoteWithTemplate(parseMovie(request.body, ''), provider),
  );
}

/** Adds the route that checks a movie. It takes the body as text, since a fault of the text is a finding. */
function addCheckRoute(app: FastifyInstance, { assets, provider }: ApiDependencies): void {
  readTextBodies(app);
  app.post(
    '/v1/check',
    {
      config: { scope: 'read' },
      validatorCompiler: () => (value) => ({ value }),
      schema: {
        operationId: 'checkMovie',
        summary: 'Check a movie; sends nothing',
        body: movieSchema,
        response: { 200: checkSchema, ...problems(413, 415) },
      },
    },
    async (request, reply) => {
      const read = readJsonText(String(request.body));
      if ('fault' in read && read.fault.path === '')
        throw new Refusal('RequestInvalid', `the body is not JSON: ${read.fault.message}`);
      const check = checkReadMovie(read, { assets });
      if (check.quote === undefined || 'fault' in read) return reply.send(check);
      return reply.send({ ...check, quote: await quoteWithTemplate(read.value, provider) });
    },
  );
}
