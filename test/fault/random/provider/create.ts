import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { randomOf } from '../draw.js';
import { type Fate, fateOf, type Loss, type Nature } from './fates.js';
import type { Habits } from './habits.js';
import { isJson, type Json, type Movie, type Movies, whoseIs } from './movies.js';
import { fault, html, json, type Reply, send, sendHalf } from './reply.js';
import { timeText } from './shape.js';
import { type DeliveryTerms, sendWebhooks } from './webhooks.js';

/** The parts of a provider that a POST needs. */
export interface CreateTerms extends DeliveryTerms {
  readonly movies: Movies;
  readonly natureOf: (key: string) => Nature;
  readonly doubles: boolean;
}

/** Takes POSTs of movies (section 2). */
export class Creating {
  readonly #terms: CreateTerms;
  /** POSTs so far of each key. */
  readonly #posts = new Map<string, number>();
  /** The keys of POSTs that were neither accepted nor answered. */
  readonly lost: string[] = [];

  constructor(terms: CreateTerms) {
    this.#terms = terms;
  }

  async take(account: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { habits } = this.#terms;
    const body = await textOf(request);
    const read = parse(body);
    if (typeof read === 'string') return send(request, response, fault(400, read, habits), habits);
    await this.#decided(account, read, request, response);
  }

  async #decided(
    account: string,
    submitted: Json,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { habits, movies, doubles, closing } = this.#terms;
    const fate = this.#fateOf(submitted);
    if (fate.do === 'refuse' || fate.do === 'reject') {
      return send(request, response, refusal(fate, habits), habits);
    }
    await pause(fate.afterMs, undefined, { signal: closing });
    const movie = fate.do === 'accept' ? movies.accept(account, submitted) : undefined;
    if (fate.do === 'lose') this.lost.push(whoseIs(submitted).key);
    if (movie !== undefined && doubles) movies.accept(account, submitted);
    if (movie !== undefined) await sendWebhooks(movie, this.#terms);
    if (response.destroyed) return;
    if (fate.reply === 'whole' && movie !== undefined) {
      return send(request, response, acceptance(movie, habits), habits);
    }
    lose(request, response, fate.reply === 'whole' ? 'silence' : fate.reply, habits);
  }

  #fateOf(submitted: Json): Fate {
    const { seed, natureOf } = this.#terms;
    const { key, variant } = whoseIs(submitted);
    const n = (this.#posts.get(key) ?? 0) + 1;
    this.#posts.set(key, n);
    return fateOf(randomOf(seed, 'post', key, n), natureOf(key), variant, n);
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** The movie of a body, or the documented message for what is none. */
function parse(body: string): Json | string {
  if (body === '') return 'No movie JSON received';
  try {
    const read: unknown = JSON.parse(body);
    return isJson(read) ? read : 'No valid movie JSON received';
  } catch {
    return 'Error parsing movie JSON or the movie was empty';
  }
}

function acceptance({ project, atMs }: Movie, { clockMs }: Habits): Reply {
  return json(200, { success: true, project, timestamp: timeText(atMs, clockMs) });
}

function refusal(fate: Extract<Fate, { do: 'refuse' | 'reject' }>, habits: Habits): Reply {
  const headers: Record<string, string> =
    'retryAfter' in fate && fate.retryAfter !== undefined ? { 'retry-after': String(fate.retryAfter) } : {};
  if (fate.message === '') return { ...html(fate.status, 'Request blocked'), headers };
  return fault(fate.status, fate.message, habits, headers);
}

/** Lets the reply be lost, in one of the ways that the page leaves open. */
function lose(request: IncomingMessage, response: ServerResponse, loss: Loss, habits: Habits): void {
  const timestamp = timeText(Date.now(), habits.clockMs);
  const say = (reply: Reply): void => send(request, response, reply, habits);
  switch (loss) {
    case 'silence':
      // Until the client goes, or the provider closes.
      return;
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'cut':
      return sendHalf(response, json(200, { success: true, project: 'AbCdEfGhIjKlMnOp', timestamp }));
    case 'html 502':
      return say(html(502, 'Bad Gateway'));
    case 'html 504':
      return say(html(504, 'Gateway Timeout'));
    case 'json 500':
      return say(json(500, { error: 'Error starting subprocess' }));
    case '408':
      return say(html(408, 'Request Timeout'));
    case '307':
      // A client that follows it sends the movie again.
      return say({ ...html(307, 'Temporary Redirect'), headers: { location: '/v2/movies' } });
    case 'no project':
      return say(json(200, { success: true, timestamp }));
    case 'not JSON':
      return say({ status: 200, body: 'OK', type: 'text/plain' });
    case 'success false':
      return say(json(200, { success: false, message: 'Error storing movie JSON' }));
  }
}
