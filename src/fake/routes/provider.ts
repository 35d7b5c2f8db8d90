import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { jsonReply } from '../reply.js';
import type { CallRoute } from '../serve.js';
import { serve } from '../serve.js';
import type { World } from '../world.js';
import { createMovie } from './create.js';
import { deleteMovie } from './delete.js';
import { readFile } from './file.js';
import { isSingle, readMovieList, readMovieStatus } from './read.js';
import { readTemplates } from './templates.js';

const CREATE: CallRoute = { call: 'create', handle: createMovie, needsKey: true };
const STATUS: CallRoute = { call: 'status', handle: readMovieStatus, needsKey: true };
const LIST: CallRoute = { call: 'list', handle: readMovieList, needsKey: true };
const DELETE: CallRoute = { call: 'delete', handle: deleteMovie, needsKey: true };
const TEMPLATES: CallRoute = { call: 'templates', handle: readTemplates, needsKey: true };
const FILE: CallRoute = { call: 'file', handle: readFile, needsKey: false };

type Handle = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** What JSON2Video itself answers. */
export function providerRoutes(app: FastifyInstance, world: World): void {
  const serving =
    (route: CallRoute): Handle =>
    (request, reply) =>
      serve(world, route, request, reply);
  const reading: Handle = (request, reply) => {
    const { searchParams } = new URL(request.url, 'http://fake');
    return serve(world, isSingle(searchParams) ? STATUS : LIST, request, reply);
  };
  app.post('/v2/movies', serving(CREATE));
  app.get('/v2/movies', reading);
  app.delete('/v2/movies', serving(DELETE));
  app.get('/v2/templates', serving(TEMPLATES));
  app.route({ method: ['GET', 'HEAD'], url: '/clients/*', handler: serving(FILE) });
  app.setNotFoundHandler((request, reply) => {
    const isKnown = /^\/v2\/(movies|templates)\/?(\?|$)/.test(request.url);
    const { code, headers, body } = isKnown
      ? jsonReply(405, { success: false, message: 'Method Not Allowed' })
      : jsonReply(404, { success: false, message: 'Not Found' });
    return reply.code(code).headers(headers).send(body);
  });
}
