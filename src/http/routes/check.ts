import type { FastifyInstance } from 'fastify';
import { checkMovieText } from '../../movie/check.js';
import { type ApiDependencies, problems } from '../api.js';
import { readTextBodies } from '../body.js';
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
    (request, reply) => reply.send(checkMovieText(String(request.body), { assets })),
  );
}
