import { z } from 'zod';
import { apiPathOf, askApi } from '../ask-api.js';
import { type ConsoleContext, fieldOf, visitOf } from '../context.js';
import { layout } from '../layout.js';
import { renderPath } from '../parts.js';
import { readShown } from './read.js';
import { seenOf, storyPart } from './story-view.js';
import { renderView } from './view.js';
import { sendPage } from '../send-page.js';
import { waitSignal } from '../../http/api.js';
import { engineKeyOf } from '../../http/caller.js';
import type { SharedWatches } from '../../http/shared-watches.js';
import { replayEvents } from '../../starter/events.js';
import { KeyNotFound } from '../../render/errors.js';
import type { RenderStatus } from '../../starter/status.js';
import { askEngine } from '../../temporal/ask-engine.js';
import { readStartedRun } from '../../temporal/started-run.js';

/** A page waits so long for a change: less than proxies do. */
const WAIT_MS = 20_000;

/** Adds the page of one render. */
export function addRenderPage(context: ConsoleContext): void {
  addActions(context);
  const { app, client, renders, watches, stopping } = context;
  app.get('/render', async (request, reply) => {
    const visit = visitOf(request);
    const key = fieldOf(request.query, 'key');
    const shown = await readShown(context, visit.caller, key, waitSignal(reply.raw, stopping));
    return sendPage(reply, layout(visit, { title: key, body: renderView(visit, shown) }));
  });
  app.get('/render/live', async (request, reply) => {
    const { caller } = visitOf(request);
    const key = fieldOf(request.query, 'key');
    const engineKey = engineKeyOf(caller, key);
    const signal = waitSignal(reply.raw, stopping);
    let story = await renders.story(engineKey, { signal });
    if (seenOf(story) === fieldOf(request.query, 'seen')) {
      await changeOf(watches, story, engineKey, signal);
      story = await renders.story(engineKey, { signal });
    }
    if (seenOf(story) === fieldOf(request.query, 'seen')) return reply.code(204).send();
    // Another state has another page: a form to decide, or a video.
    if (story.state !== fieldOf(request.query, 'state')) void reply.header('hx-refresh', 'true');
    return sendPage(reply, storyPart(key, story));
  });
  app.get('/render/movie', async (request, reply) => {
    const { caller } = visitOf(request);
    const key = engineKeyOf(caller, fieldOf(request.query, 'key'));
    await renders.status(key, { signal: waitSignal(reply.raw, stopping) });
    const { movie } = await askEngine(client, key, () => readStartedRun(client, { workflowId: key }));
    if (movie === undefined) throw new KeyNotFound('the render was started without a movie', { key });
    return reply
      .header('cache-control', 'no-store')
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(movie, undefined, 2));
  });
}

/** Waits until a render differs from what was read of it, until the time is up, or until the watch of it ends. */
function changeOf(
  watches: SharedWatches,
  known: RenderStatus,
  key: string,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      // The first view comes before `add` returns.
      queueMicrotask(() => remove());
      resolve();
    };
    const timer = setTimeout(finish, WAIT_MS);
    signal.addEventListener('abort', finish, { once: true });
    const remove = watches.add(key, {
      onView: (view) => (isSame(view, known) ? undefined : finish()),
      onEnd: finish,
    });
  });
}

function isSame(one: RenderStatus, other: RenderStatus): boolean {
  const names = ['state', 'project', 'attempts', 'providerStatus', 'message', 'closedAt'] as const;
  return names.every((name) => one[name] === other[name]);
}

/** Adds the forms that end a render, or have its events sent again. */
function addActions({ app, client }: ConsoleContext): void {
  app.post('/render/cancel', { config: { needs: 'submit' } }, async (request, reply) => {
    const key = fieldOf(request.body, 'key');
    await askApi(app, request, { method: 'DELETE', path: apiPathOf(key), answer: z.unknown() });
    return reply.redirect(renderPath(key), 303);
  });
  app.post('/render/replay', { config: { needs: 'decide' } }, async (request, reply) => {
    const key = fieldOf(request.body, 'key');
    await replayEvents(client, engineKeyOf(visitOf(request).caller, key));
    return reply.redirect(renderPath(key), 303);
  });
}
