import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { jsonReply } from '../http/reply.js';
import type { CallRoute } from '../http/serve.js';
import { serve } from '../http/serve.js';
import type { World } from '../world.js';
import { createMovie } from './create.js';
import { deleteMovie } from './delete.js';
import { readFile } from './file.js';
import { isSingle, readMovieList, readMovieStatus } from './read.js';
import { deleteTemplate, writeTemplate } from './template-changes.js';
import { readGallery, readTemplates } from './templates.js';

const CREATE: CallRoute = { call: 'create', handle: createMovie, role: 'render' };
const STATUS: CallRoute = { call: 'status', handle: readMovieStatus, role: 'viewer' };
const LIST: CallRoute = { call: 'list', handle: readMovieList, role: 'viewer' };
const DELETE: CallRoute = { call: 'delete', handle: deleteMovie, role: 'render' };
const TEMPLATES: CallRoute = { call: 'templates', handle: readTemplates, role: 'render' };
const GALLERY: CallRoute = { call: 'templates', handle: readGallery, role: 'render' };
const WRITE_TEMPLATE: CallRoute = { call: 'templates', handle: writeTemplate, role: 'editor' };
const DELETE_TEMPLATE: CallRoute = { call: 'templates', handle: deleteTemplate, role: 'editor' };
const FILE: CallRoute = { call: 'file', handle: readFile, role: undefined };

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
  app.get('/v2/templates/library', serving(GALLERY));
  app.post('/v2/templates', serving(WRITE_TEMPLATE));
  app.delete('/v2/templates', serving(DELETE_TEMPLATE));
  app.route({ method: ['GET', 'HEAD'], url: '/clients/*', handler: serving(FILE) });
  app.setNotFoundHandler((request, reply) => {
    const isKnown = /^\/v2\/(movies|templates|templates\/library)\/?(\?|$)/.test(request.url);
    const { code, headers, body } = isKnown
      ? jsonReply(405, { success: false, message: 'Method Not Allowed' })
      : jsonReply(404, { success: false, message: 'Not Found' });
    return reply.code(code).headers(headers).send(body);
  });
}
