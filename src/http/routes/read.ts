import { z } from 'zod';
import { type Api, type ApiDependencies, callerOf, problems, waitSignal } from '../api.js';
import { engineKeyOf } from '../caller.js';
import { waitOf } from '../headers.js';
import { keyParams, renderSchema } from '../schemas.js';
import { readView, shownView } from '../views.js';
import { addVideoRoute } from './video.js';

const ONE_SECOND_MS = 1_000;

const READ = {
  config: { scope: 'read', answerHeaders: { 200: ['Preference-Applied'] } },
  schema: {
    operationId: 'readRender',
    summary: 'Read a render; with Prefer: wait=N wait for its end',
    params: keyParams,
    headers: z.looseObject({
      prefer: z.string().optional().describe('wait=N: longest wait in seconds, 0 to 60; 0 by default'),
    }),
    querystring: z.strictObject({}),
    response: { 200: renderSchema.describe('The render, whatever its end'), ...problems(404, 409) },
  },
} as const;

/** Adds the routes that read one render and its video. */
export function addReadRoutes(api: Api, dependencies: ApiDependencies): void {
  const { renders, watches, stopping } = dependencies;
  addVideoRoute(api, dependencies);
  api.get('/v1/renders/:key', READ, async (request, reply) => {
    const caller = callerOf(request);
    const key = engineKeyOf(caller, request.params.key);
    const wait = waitOf(request.headers.prefer, 0);
    const signal = waitSignal(reply.raw, stopping);
    const view =
      wait.seconds === 0
        ? await readView(renders, key, { signal })
        : await watches.untilEnd(key, wait.seconds * ONE_SECOND_MS, signal);
    if (wait.applied !== undefined) reply.header('preference-applied', wait.applied);
    return reply.send(shownView(caller, view));
  });
}
