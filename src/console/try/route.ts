import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { checkSchema, renderSchema } from '../../http/schemas.js';
import { readJsonText } from '../../text/json-text.js';
import { ApiRefusal, apiPathOf, askApi } from '../ask-api.js';
import { type ConsoleContext, fieldOf, visitOf } from '../context.js';
import { layout } from '../layout.js';
import { renderPath } from '../parts.js';
import { sendPage } from '../send-page.js';
import { type Tried, tryView } from './view.js';

/** A form waits so long for the provider's acceptance; then the page of the render shows it. */
const WAIT_SECONDS = 5;
const KEY_RANDOM_BYTES = 6;

const EXAMPLE = JSON.stringify(
  {
    resolution: 'full-hd',
    scenes: [{ duration: 5, elements: [{ type: 'text', text: 'Hello', style: '001' }] }],
  },
  undefined,
  2,
);

/** Adds the page on which a person checks, quotes and submits a movie. */
export function addTryPage({ app }: ConsoleContext): void {
  app.get('/try', (request, reply) => show(request, reply, { movie: EXAMPLE, key: freshKey() }));
  app.post('/try', async (request, reply) => {
    const movie = fieldOf(request.body, 'movie');
    const key = fieldOf(request.body, 'key');
    const isSubmit = fieldOf(request.body, 'do') === 'submit';
    try {
      if (!isSubmit)
        return await show(request, reply, { movie, key, check: await checkOf(app, request, movie) });
      await submit(app, request, key, movie);
      return await reply.redirect(renderPath(key), 303);
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error;
      const { problem } = error;
      return show(request, reply.code(problem.status), { movie, key, problem });
    }
  });
}

function show(request: FastifyRequest, reply: FastifyReply, tried: Tried): Promise<FastifyReply> {
  const visit = visitOf(request);
  return sendPage(reply, layout(visit, { title: 'Try', at: '/try', body: tryView(visit, tried) }));
}

function freshKey(): string {
  return `try-${new Date().toISOString().slice(0, 10)}-${randomBytes(KEY_RANDOM_BYTES).toString('hex')}`;
}

function checkOf(app: ConsoleContext['app'], request: FastifyRequest, movie: string) {
  return askApi(app, request, { method: 'POST', path: '/v1/check', body: movie, answer: checkSchema });
}

/** Submits by the API's own PUT, with the person's token: a form that is sent twice has the same key. */
async function submit(
  app: ConsoleContext['app'],
  request: FastifyRequest,
  key: string,
  movie: string,
): Promise<void> {
  // A text that is no JSON value of its own could add members to the body.
  const isWhole = !('fault' in readJsonText(movie));
  await askApi(app, request, {
    method: 'PUT',
    path: apiPathOf(key),
    body: isWhole ? `{"movie":${movie}}` : movie,
    headers: { prefer: `wait=${WAIT_SECONDS}` },
    answer: renderSchema,
  });
}
