import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Role } from '../account/keys.js';
import { isAllowed } from '../account/keys.js';
import type { FiredFault } from '../faults/fault-book.js';
import type { Subject } from '../faults/standing-rule.js';
import { answer } from '../faults/wire-faults.js';
import { MAX_MOVIE_BYTES } from '../limits.js';
import type { Movie } from '../movies/movie.js';
import type { Call, OpenRequest } from '../records/journal.js';
import type { MovieReading } from '../submission/submitted-movie.js';
import { markedKey, readMovie } from '../submission/submitted-movie.js';
import type { World } from '../world.js';
import type { RequestBody } from './exchange.js';
import { Exchange } from './exchange.js';
import type { Reply } from './reply.js';
import { jsonReply, keyRefusal, roleRefusal, tooManyRequests } from './reply.js';
import { projectParameter, stemOf } from './request-url.js';

/** A provider call as its handler sees it. */
interface ProviderCall {
  readonly call: Call;
  readonly query: URLSearchParams;
  /** The path without its query. */
  readonly path: string;
  readonly range: string | undefined;
  /** Undefined: it was too large. */
  readonly body: string | undefined;
  /** What the body came to as a movie; of other calls than `create`: nothing. */
  readonly movie: MovieReading;
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
  /** The least role that may do this; undefined: file downloads are public. */
  readonly role: Role | undefined;
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
  const movie = movieIn(route.call, body);
  const key = subject.key ?? (movie.ok ? markedKey(movie.movie) : undefined);
  if (key !== undefined) entry.note({ key });
  const fault = unread ? early : judge(world, { ...subject, key }, entry);

  const call: ProviderCall = {
    call: route.call,
    query: url.searchParams,
    path: url.pathname,
    range: request.headers.range,
    body: body.kind === 'text' ? body.text : undefined,
    movie,
  };
  const apiKey = request.headers['x-api-key'];
  const act = (): Promise<Reply> => carryOut(world, route, { call, entry, apiKey });
  const quirks = world.quirks.current;
  await answer({ call: route.call, exchange, quirks, act, closing: world.closing.signal }, fault);
}

interface CarriedOut {
  readonly call: ProviderCall;
  readonly entry: OpenRequest;
  readonly apiKey: string | string[] | undefined;
}

async function carryOut(world: World, route: CallRoute, { call, entry, apiKey }: CarriedOut): Promise<Reply> {
  world.clock.runDue();
  const refused = refusedAtTheDoor(world, route, apiKey);
  if (refused !== undefined) return refused;
  const { reply, accepted } = route.handle(world, call);
  if (accepted !== undefined) {
    entry.note({ accepted: true, project: accepted.project });
    await world.webhooks.accepted(accepted, world.renders.foreseen(accepted));
  }
  return reply;
}

/** Before anything is looked at: who asks, whether they may, and whether it is too often. */
function refusedAtTheDoor(
  world: World,
  { call, role }: CallRoute,
  apiKey: CarriedOut['apiKey'],
): Reply | undefined {
  if (role === undefined) return undefined;
  const quirks = world.quirks.current;
  const check = world.keys.check(apiKey, world.clock.now());
  if (check === 'missing') return keyRefusal(quirks, 'Error: API Key not provided');
  if (check === 'invalid') return keyRefusal(quirks, 'Error: Invalid API Key');
  if (!isAllowed(check, role)) return roleRefusal(quirks, call);
  if (quirks.rateLimit === 'off') return undefined;
  const waitSeconds = world.rateLimit.take(world.clock.now(), quirks.requestsPerMinute);
  return waitSeconds === undefined ? undefined : tooManyRequests(quirks, waitSeconds);
}

function judge(world: World, subject: Subject, entry: OpenRequest): FiredFault | undefined {
  const fault = world.book.fire(subject);
  if (fault !== undefined) entry.note({ fault: fault.id });
  return fault;
}

function movieIn(call: Call, body: RequestBody): MovieReading {
  if (call !== 'create' || body.kind !== 'text') return { ok: false, message: 'No movie JSON received' };
  return readMovie(body.text);
}

/** What a call is about, as far as its URL tells: a project, and through it the key it was submitted under. */
function subjectOf(world: World, call: Call, url: URL): Subject & { call: Call } {
  // The parameter `id` means a template there.
  if (call === 'templates' || call === 'create') return { call };
  const project =
    call === 'file' ? world.store.file(stemOf(url.pathname))?.project : projectParameter(url.searchParams);
  return { call, project, key: project === undefined ? undefined : world.store.get(project)?.key };
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
