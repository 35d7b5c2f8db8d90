import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ServerResponse } from 'node:http';
import { type Api, type ApiDependencies, callerOf, problems, waitSignal } from '../api.js';
import { type Caller, engineKeyOf } from '../caller.js';
import { keyParams } from '../schemas.js';
import { type EngineView, shownView } from '../views.js';

/** A comment at this interval keeps proxies from closing a quiet stream. */
const COMMENT_MS = 15_000;

/** Bytes that may wait for a listener who reads slowly; a view has under 10 KB. */
const UNREAD_BYTES = 1_000_000;

const WATCH = {
  config: { scope: 'read' },
  schema: {
    operationId: 'watchRender',
    summary: 'Watch a render by server-sent events, until it is closed',
    params: keyParams,
    headers: z.looseObject({ 'last-event-id': z.string().optional() }),
    querystring: z.strictObject({}),
    response: {
      200: {
        description: 'Each event is a render, as GET /v1/renders/{key} shows it',
        content: { 'text/event-stream': { schema: z.string() } },
      },
      204: z.null().describe('The last event was that of the closed render'),
      ...problems(404, 409),
    },
  },
} as const;

/** Adds the route that reports each change of a render as a server-sent event. */
export function addEventRoutes(api: Api, { watches, stopping }: ApiDependencies): void {
  api.get('/v1/renders/:key/events', WATCH, async (request, reply) => {
    const caller = callerOf(request);
    const key = engineKeyOf(caller, request.params.key);
    const signal = waitSignal(reply.raw, stopping);
    // Keeps the watch between the first view and the stream.
    const release = watches.add(key, { onView: () => undefined, onEnd: () => undefined });
    signal.addEventListener('abort', release, { once: true });
    // An unknown key is a problem, and not a stream.
    const first = await watches.untilEnd(key, 0, signal);
    const lastId = request.headers['last-event-id'];
    if (first.closedAt !== undefined && eventOf(caller, first).id === lastId)
      return reply.code(204).send(null);
    reply.hijack();
    const stream = new EventStream(reply.raw, caller, lastId);
    stream.send(first);
    const remove = watches.add(key, { onView: (view) => stream.send(view), onEnd: () => stream.end() });
    signal.addEventListener(
      'abort',
      () => {
        remove();
        stream.end();
      },
      { once: true },
    );
  });
}

/** The ID is made of the view, so that every server gives the same one, and a stream goes on at another. */
function eventOf(caller: Caller, view: EngineView): { readonly id: string; readonly text: string } {
  const data = JSON.stringify(shownView(caller, view));
  const id = createHash('sha256').update(data).digest('base64url').slice(0, 16);
  return { id, text: `id: ${id}\ndata: ${data}\n\n` };
}

/** The stream of one listener. Events have no name, so that `onmessage` of a browser gets them. */
class EventStream {
  readonly #response: ServerResponse;
  readonly #caller: Caller;
  readonly #timer: NodeJS.Timeout;
  #lastId: string | undefined;

  constructor(response: ServerResponse, caller: Caller, lastId: string | undefined) {
    this.#response = response;
    this.#caller = caller;
    this.#lastId = lastId;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    response.write(': watching\n\n');
    this.#timer = setInterval(() => this.#write(': still there\n\n'), COMMENT_MS);
  }

  send(view: EngineView): void {
    const { id, text } = eventOf(this.#caller, view);
    if (id === this.#lastId) return;
    this.#lastId = id;
    this.#write(text);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#response.end();
  }

  #write(text: string): void {
    if (this.#response.writableEnded) return;
    this.#response.write(text);
    // The listener may connect again, and goes on at its last event.
    if (this.#response.writableLength > UNREAD_BYTES) this.#response.destroy();
  }
}
