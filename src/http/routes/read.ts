import { z } from 'zod';
import { type Api, type ApiDependencies, callerOf, problems, waitSignal } from '../api.js';
import { engineKeyOf } from '../caller.js';
import { waitOf } from '../headers.js';
import { Refusal } from '../refusal.js';
import { keyParams, renderSchema } from '../schemas.js';
import { readView, shownView } from '../views.js';

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

const VIDEO = {
  config: { scope: 'read', answerHeaders: { 302: ['Location'] } },
  schema: {
    operationId: 'readVideo',
    summary: "Go to the video's link",
    params: keyParams,
    querystring: z.strictObject({}),
    response: { 302: z.null().describe('The link is in header Location'), ...problems(404, 409, 410) },
  },
} as const;

/** Adds the routes that read one render and its video. */
export function addReadRoutes(api: Api, { renders, watches, stopping }: ApiDependencies): void {
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
  api.get('/v1/renders/:key/video', VIDEO, async (request, reply) => {
    const key = engineKeyOf(callerOf(request), request.params.key);
    const { state, outcome } = await readView(renders, key, { signal: waitSignal(reply.raw, stopping) });
    if (outcome?.status !== 'done') throw new Refusal('VideoNotFound', `the render is ${state}`);
    const { url, expiresAt } = outcome;
    if (expiresAt !== null && Date.parse(expiresAt) <= Date.now()) {
      throw new Refusal('VideoExpired', `the provider deleted the file at ${expiresAt}`);
    }
    // Also makes the link one that a header can hold.
    return reply.redirect(new URL(url).href, 302);
  });
}
