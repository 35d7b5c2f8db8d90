import type { CallRoute } from '../http/serve.js';
import { serve } from '../http/serve.js';
import type { Router } from '../http/router.js';
import type { World } from '../world.js';
import { createMovie } from './create.js';
import { readFile } from './file.js';
import { deleteMovie, isSingle, readMovieList, readMovieStatus } from './read.js';
import { deleteTemplate, writeTemplate } from './template-changes.js';
import { readGallery, readTemplates } from './templates.js';

const STATUS: CallRoute = { call: 'status', handle: readMovieStatus, role: 'viewer' };
const LIST: CallRoute = { call: 'list', handle: readMovieList, role: 'viewer' };
const FILE: CallRoute = { call: 'file', handle: readFile, role: undefined };

const ROUTES: Readonly<Record<string, CallRoute>> = {
  'POST /v2/movies': { call: 'create', handle: createMovie, role: 'render' },
  'DELETE /v2/movies': { call: 'delete', handle: deleteMovie, role: 'render' },
  'GET /v2/templates': { call: 'templates', handle: readTemplates, role: 'render' },
  'GET /v2/templates/library': { call: 'templates', handle: readGallery, role: 'render' },
  'POST /v2/templates': { call: 'templates', handle: writeTemplate, role: 'editor' },
  'DELETE /v2/templates': { call: 'templates', handle: deleteTemplate, role: 'editor' },
  'GET /clients/*': FILE,
  'HEAD /clients/*': FILE,
};

/** Adds the calls of JSON2Video's own API. */
export function providerRoutes(router: Router, world: World): void {
  for (const [name, route] of Object.entries(ROUTES)) {
    const [method = '', path = ''] = name.split(' ');
    router.on(method, path, (incoming) => serve(world, route, incoming));
  }
  router.on('GET', '/v2/movies', (incoming) =>
    serve(world, isSingle(incoming.url.searchParams) ? STATUS : LIST, incoming),
  );
}
