import { setTimeout as pause } from 'node:timers/promises';
import { between, randomOf, weighted } from '../draw.js';
import type { Habits } from './habits.js';
import { endedAtMs, isJson, type Json, type Movie, stateOf } from './movies.js';
import { movieReply, videoUrl } from './shape.js';

/** The parts of a provider that deliveries need. */
export interface DeliveryTerms {
  readonly seed: string;
  readonly habits: Habits;
  /** Aborted when the provider closes. */
  readonly closing: AbortSignal;
}

/** Course of the deliveries of one render: 5.3 promises neither one nor only one. */
type Course = 'once' | 'twice' | 'lost' | 'early' | 'early and again' | 'late';

/** The longest time that a sender waits for its receiver. */
const DELIVERY_MS = 5_000;

/**
 * Sends the deliveries of a render to its webhook destinations. Returns when an early one was sent, which comes before
 * the reply to the POST; the others follow at their time.
 */
export async function sendWebhooks(movie: Movie, terms: DeliveryTerms): Promise<void> {
  const endpoints = endpointsIn(movie.submitted);
  if (endpoints.length === 0) return;
  const random = randomOf(terms.seed, 'webhook', movie.project);
  const course = weighted<Course>(random, {
    once: 8,
    twice: 3,
    lost: 3,
    early: 1,
    'early and again': 2,
    late: 2,
  });
  const deliver = (): Promise<void[]> =>
    Promise.all(endpoints.map((endpoint) => post(endpoint, movie, terms)));
  if (course.startsWith('early')) await deliver();
  const endMs = endedAtMs(movie);
  const isSilent = course === 'lost' || course === 'early' || endMs === Infinity;
  if (isSilent || (movie.life.end === 'error' && !terms.habits.webhookOnError)) return;
  const lateMs = course === 'late' ? between(random, 3_000, 15_000) : between(random, 0, 800);
  void (async () => {
    await pause(endMs + lateMs - Date.now(), undefined, { signal: terms.closing });
    await deliver();
    if (course === 'twice') await deliver();
  })().catch(() => undefined);
}

/** The endpoints of webhook destinations (2.4). */
function endpointsIn({ exports }: Json): string[] {
  if (!Array.isArray(exports)) return [];
  const destinations = exports.filter(isJson).flatMap((each): unknown[] => {
    const { destinations: list } = each;
    return Array.isArray(list) ? list : [];
  });
  return destinations.filter(isJson).flatMap(({ type, endpoint }) => {
    return type === 'webhook' && typeof endpoint === 'string' ? [endpoint] : [];
  });
}

async function post(endpoint: string, movie: Movie, { habits, closing }: DeliveryTerms): Promise<void> {
  const isForm = habits.webhookBody === 'form';
  const body = bodyOf(movie, habits);
  const form = (): string =>
    new URLSearchParams(
      Object.entries(body).map(([name, value]): [string, string] => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ).toString();
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' },
      body: isForm ? form() : JSON.stringify(body),
      signal: AbortSignal.any([closing, AbortSignal.timeout(DELIVERY_MS)]),
    });
    await response.arrayBuffer();
  } catch {
    // A delivery is tried once.
  }
}

/** The payload in one of the four documented shapes (5.2). */
function bodyOf(movie: Movie, { webhookBody, clockMs }: Habits): Json {
  const { project } = movie;
  const { status, message, hasVideo } = stateOf(movie);
  const url = hasVideo ? { url: videoUrl(movie) } : {};
  const clientData = { 'client-data': movie.submitted['client-data'] ?? {} };
  switch (webhookBody) {
    case 'P1':
    case 'form':
      return {
        width: '1920',
        height: '1080',
        duration: '5',
        size: '123456',
        project,
        id: 'movie',
        ...url,
        ...clientData,
      };
    case 'P2':
      return { success: true, movie: movieReply(movie, { clientData: 'object', json: 'absent' }, clockMs) };
    case 'P3':
      return status === 'error'
        ? { project, status, message, ...clientData }
        : { project, status, duration: 5, size: 123_456, ...url, ...clientData };
    case 'P4':
      return { width: '1920', height: '1080', duration: '5', size: '123456', project, ...url };
  }
}
