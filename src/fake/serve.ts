import type { FastifyReply, FastifyRequest } from 'fastify';

import { Exchange } from './exchange.js';
import type { FiredFault } from './fault-book.js';
import type { Call, OpenRequest } from './journal.js';
import { MAX_MOVIE_BYTES } from './limits.js';
import type { Movie } from './movie.js';
import type { Reply } from './reply.js';
import { jsonReply, keyRefusal } from './reply.js';
import { projectParameter, stemOf } from './request-url.js';
import type { Subject } from './standing-rule.js';
import type { MovieReading } from './submitted-movie.js';
import { markedKey, readMovie } from './submitted-movie.js';
import { answer } from './wire-faults.js';
import type { World } from './world.js';

/** A provider call as its handler sees it. */
interface ProviderCall {
  readonly call: Call;
  readonly query: URLSearchParams;
  /** The path without its query. */
  readonly path: string;
  readonly range: string | undefined;
  /** What the body came to; only `create` looks at it. */
  readonly movie: MovieReading | 'too-large';
}

/** What a handler did: its honest reply, and the movie if one came into being. */
export interface CallResult {
  readonly reply: Reply;
  readonly accepted?: Movie;
}

export type CallHandler = (world: World, call: ProviderCall) => CallResult;

export interface CallRoute {
  readonly call: Call;
  readonly handle: CallHandler;
  /** File downloads are public; everything else wants the key. */
  readonly needsKey: boolean;
}

/** Takes a request off Fastify's hands and serves it on the raw connection, with whatever fault is due. */
export async function serve(
  world: World,
  route: CallRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  reply.hijack();
  const exchange = new Exchange(request.raw, reply.raw);
  const serving = serveOn(world, route, request, exchange);
  world.exchanges.add(serving);
  await serving;
  world.exchanges.delete(serving);
}

/** Ends when both the call and its connection are over: a movie may be accepted after its client has left. */
async function serveOn(
  world: World,
  route: CallRoute,
  request: FastifyRequest,
  exchange: Exchange,
): Promise<void> {
  const url = new URL(request.url, 'http://fake');
  const subject = subjectOf(world, route.call, url);
  const entry = beginEntry(world, request, subject);
  try {
    await judgeAndAnswer(world, route, { request, exchange, url, subject, entry });
  } catch (error) {
    // A mistake of the fake itself: to be seen, and not to be taken for the provider's.
    exchange.send(jsonReply(500, { error: `The fake failed: ${String(error)}` }));
  }
  await exchange.gone;
  entry.end(exchange.sentStatus);
}

interface Served {
  readonly request: FastifyRequest;
  readonly exchange: Exchange;
  readonly url: URL;
  readonly subject: Subject & { call: Call };
  readonly entry: OpenRequest;
}

async function judgeAndAnswer(world: World, route: CallRoute, served: Served): Promise<void> {
  const { request, exchange, url, subject, entry } = served;
  // Judged unread where possible: "refuse" means that nothing of the request is read.
  const unread = route.call !== 'create' || world.book.judgesUnread();
  const early = unread ? judge(world, subject, entry) : undefined;
  if (early?.effect.kind === 'refuse') return exchange.close();
  const body = await exchange.readBody(MAX_MOVIE_BYTES);
  if (body.kind === 'gone') return;
  const movie: ProviderCall['movie'] = body.kind === 'text' ? readMovie(body.text) : 'too-large';
  const key = subject.key ?? keyOf(route.call, movie);
  if (key !== undefined) entry.note({ key });
  const fault = unread ? early : judge(world, { ...subject, key }, entry);

  const { range } = request.headers;
  const call: ProviderCall = { call: route.call, query: url.searchParams, path: url.pathname, range, movie };
  const act = (): Promise<Reply> =>
    carryOut(world, route, { call, entry, apiKey: request.headers['x-api-key'] });
  await answer({ call: route.call, exchange, act, closing: world.closing.signal }, fault);
}

interface CarriedOut {
  readonly call: ProviderCall;
  readonly entry: OpenRequest;
  readonly apiKey: string | string[] | undefined;
}

async function carryOut(world: World, route: CallRoute, { call, entry, apiKey }: CarriedOut): Promise<Reply> {
  world.clock.runDue();
  if (route.needsKey && apiKey === undefined) return keyRefusal('Error: API Key not provided');
  if (route.needsKey && apiKey !== world.apiKey) return keyRefusal('Error: Invalid API Key');
  const { reply, accepted } = route.handle(world, call);
  if (accepted !== undefined) {
    entry.note({ accepted: true, project: accepted.project });
    await world.webhooks.accepted(accepted, world.renders.outcome(accepted));
  }
  return reply;
}

function judge(world: World, subject: Subject, entry: OpenRequest): FiredFault | undefined {
  const fault = world.book.fire(subject);
  if (fault !== undefined) entry.note({ fault: fault.id });
  return fault;
}

/** What a call is about, as far as its URL tells: a project, and through it the key it was submitted under. */
function subjectOf(world: World, call: Call, url: URL): Subject & { call: Call } {
  if (call === 'file') {
    const movie = world.renders.byStem(stemOf(url.pathname));
    return { call, project: movie?.project, key: movie?.key };
  }
  // The same parameter `id` means a template there.
  const project = call === 'templates' ? undefined : projectParameter(url.searchParams);
  return { call, project, key: project === undefined ? undefined : world.renders.get(project)?.key };
}

function keyOf(call: Call, movie: ProviderCall['movie']): string | undefined {
  return call === 'create' && movie !== 'too-large' && movie.ok ? markedKey(movie.movie) : undefined;
}

function beginEntry(world: World, request: FastifyRequest, subject: Subject & { call: Call }): OpenRequest {
  const { call, key, project } = subject;
  return world.journal.begin({
    at: new Date(world.clock.now()).toISOString(),
    call,
    method: request.method,
    path: request.url,
    ...(key === undefined ? {} : { key }),
    ...(project === undefined ? {} : { project }),
    ...(call === 'create' ? { accepted: false } : {}),
  });
}
