import type { IncomingMessage } from 'node:http';

import type { Role } from '../account/keys.js';
import { isAllowed } from '../account/keys.js';
import type { FiredFault } from '../faults/fault-book.js';
import type { Subject } from '../faults/standing-rule.js';
import { answer } from '../faults/wire-faults.js';
import type { Movie } from '../movies/movie.js';
import type { Call, OpenRequest } from '../records/journal.js';
import type { MovieReading } from '../submission/submitted-movie.js';
import { markedKey, readMovie } from '../submission/submitted-movie.js';
import type { Switches } from '../switches.js';
import type { World } from '../world.js';
import { Exchange } from './exchange.js';
import type { Reply } from './reply.js';
import { jsonReply, keyRefusal, refusal } from './reply.js';
import type { Incoming } from './router.js';
import { projectParameter, stemOf } from './urls.js';

/** Movie JSON, bytes: integrators report a 413 above it. */
const MAX_MOVIE_BYTES = 2 * 1024 * 1024;

/** A provider call as its handler sees it. */
interface ProviderCall {
  readonly call: Call;
  readonly query: URLSearchParams;
  /** The path without its query. */
  readonly path: string;
  readonly range: string | undefined;
  /** Undefined if it was too large. */
  readonly body: string | undefined;
  /** The body read as a movie; on `create` only. */
  readonly movie: MovieReading;
}

/** The honest reply of a handler, and the movie if one came into being. */
export interface CallResult {
  readonly reply: Reply;
  readonly accepted?: Movie;
}

export type CallHandler = (world: World, call: ProviderCall) => CallResult;

export interface CallRoute {
  readonly call: Call;
  readonly handle: CallHandler;
  /** The lowest role that may do this; undefined for file downloads, which are public. */
  readonly role: Role | undefined;
}

/** Serves one provider call, with the fault that is due. */
export async function serve(world: World, route: CallRoute, incoming: Incoming): Promise<void> {
  const serving = serveOn(world, route, incoming);
  world.exchanges.add(serving);
  await serving;
  world.exchanges.delete(serving);
}

/** Ends when both the call and its connection have ended: a movie may be accepted after its client has left. */
async function serveOn(world: World, route: CallRoute, { request, response, url }: Incoming): Promise<void> {
  const exchange = new Exchange(request, response);
  const subject = subjectOf(world, route.call, url);
  const entry = beginEntry(world, request, subject);
  try {
    await judgeAndAnswer(world, route, { request, exchange, url, subject, entry });
  } catch (error) {
    // A fault of this server: it must be seen, and not be mistaken for the provider's.
    exchange.send(jsonReply(500, { error: `The local JSON2Video failed: ${String(error)}` }));
  }
  await exchange.gone;
  entry.end(exchange.sentStatus);
}

interface Served {
  readonly request: IncomingMessage;
  readonly exchange: Exchange;
  readonly url: URL;
  readonly subject: Subject & { call: Call };
  readonly entry: OpenRequest;
}

async function judgeAndAnswer(world: World, route: CallRoute, served: Served): Promise<void> {
  const { request, exchange, url, subject, entry } = served;
  // Judge before reading if no rule needs the body: "refuse" means that nothing of the request is read.
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
  const switches = world.switches.current;
  await answer({ call: route.call, exchange, switches, act, closing: world.closing.signal }, fault);
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

/** Checks the key, its role and the rate limit before anything else. */
function refusedAtTheDoor(
  world: World,
  { call, role }: CallRoute,
  apiKey: CarriedOut['apiKey'],
): Reply | undefined {
  if (role === undefined) return undefined;
  const switches = world.switches.current;
  const check = world.keys.check(apiKey, world.clock.now());
  if (check === 'missing') return keyRefusal(switches, 'Error: API Key not provided');
  if (check === 'invalid') return keyRefusal(switches, 'Error: Invalid API Key');
  if (!isAllowed(check, role)) return roleRefusal(switches, call);
  if (switches.rateLimit === 'off') return undefined;
  const waitSeconds = world.rateLimit.take(world.clock.now(), switches.requestsPerMinute);
  return waitSeconds === undefined ? undefined : tooManyRequests(switches, waitSeconds);
}

function judge(world: World, subject: Subject, entry: OpenRequest): FiredFault | undefined {
  const fault = world.book.fire(subject);
  if (fault !== undefined) entry.note({ fault: fault.id });
  return fault;
}

function movieIn(call: Call, body: Awaited<ReturnType<Exchange['readBody']>>): MovieReading {
  if (call !== 'create' || body.kind !== 'text') return { ok: false, message: 'No movie JSON received' };
  return readMovie(body.text);
}

/** Returns the project that the URL names, and the key under which it was submitted. */
function subjectOf(world: World, call: Call, url: URL): Subject & { call: Call } {
  // There the parameter `id` means a template.
  if (call === 'templates' || call === 'create') return { call };
  const project =
    call === 'file' ? world.store.file(stemOf(url.pathname))?.project : projectParameter(url.searchParams);
  return { call, project, key: project === undefined ? undefined : world.store.get(project)?.key };
}

function beginEntry(world: World, request: IncomingMessage, subject: Subject & { call: Call }): OpenRequest {
  const { call, key, project } = subject;
  return world.journal.begin({
    at: new Date(world.clock.now()).toISOString(),
    call,
    method: request.method ?? '',
    path: request.url ?? '',
    ...(key === undefined ? {} : { key }),
    ...(project === undefined ? {} : { project }),
    ...(call === 'create' ? { accepted: false } : {}),
  });
}

/** Refuses a role that is too low: with 403, but a deletion with 400, as its page says. */
function roleRefusal(switches: Switches, call: Call): Reply {
  return refusal(switches, call, call === 'delete' ? 400 : 403, 'Insufficient permissions');
}

/** Refuses a request because there were too many (C3). No page documents a body or a header: both are switches. */
function tooManyRequests(switches: Switches, waitSeconds: number): Reply {
  const retryAfter = { 'retry-after': String(waitSeconds) };
  const isJson = switches.rateLimit.startsWith('json');
  const reply = isJson
    ? jsonReply(429, { success: false, message: 'Too many requests' })
    : { code: 429, headers: {}, body: '' };
  return switches.rateLimit.endsWith('retry-after')
    ? { ...reply, headers: { ...reply.headers, ...retryAfter } }
    : reply;
}
