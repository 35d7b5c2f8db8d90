import { z } from 'zod';
import { engineKeyOf } from '../../http/caller.js';
import { replayEvents } from '../../starter/events.js';
import { apiPathOf, askApi } from '../ask-api.js';
import { type ConsoleContext, fieldOf, visitOf } from '../context.js';
import { renderPath } from '../parts.js';

/** Adds the forms that end a render, or have its events sent again. */
export function addActions({ app, client }: ConsoleContext): void {
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
