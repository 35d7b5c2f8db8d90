import type { FastifyInstance } from 'fastify';
import { checkReadMovie } from '../../movie/check.js';
import { type ApiDependencies, problems } from '../api.js';
import { readJsonText } from '../../text/json-text.js';
import { readTextBodies } from '../body.js';
import { Refusal } from '../refusal.js';
import { checkSchema, movieSchema } from '../schemas.js';

/** Adds the route that checks a movie. It takes the body as text, since a fault of the text is a finding. */
export function addCheckRoute(app: FastifyInstance, { assets }: ApiDependencies): void {
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
    (request, reply) => {
      const read = readJsonText(String(request.body));
      if ('fault' in read && read.fault.path === '')
        throw new Refusal('RequestInvalid', `the body is not JSON: ${read.fault.message}`);
      return reply.send(checkReadMovie(read, { assets }));
    },
  );
}
