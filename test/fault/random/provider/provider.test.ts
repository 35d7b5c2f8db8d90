import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { randomOf } from '../draw.js';
import { drawHabits, type Habits } from './habits.js';
import { readList } from './list.js';
import { isJson, type Json, Movies } from './movies.js';
import { readOne } from './read.js';
import { openRandomProvider } from './server.js';

/** The provider is the proof's oracle: whatever its habits, it may mislead a client, and must not lie. */
const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1);
const ACCOUNT = 'the account';
const HOUR_MS = 3_600_000;

function clientDataOf(key: string): Json {
  return { 'client-data': { trial: key, variant: 'a' }, scenes: [] };
}

/** Reads the list as a tolerant client does, page by page. Returns the projects. */
function projectsListed(movies: Movies, habits: Habits, limit: number): string[] {
  const projects: string[] = [];
  const query = new URLSearchParams({ limit: String(limit), date_start: dayText(Date.now() - 48 * HOUR_MS) });
  for (let page = 0; page < 100; page += 1) {
    const body: unknown = JSON.parse(readList(ACCOUNT, query, movies, habits).body);
    if (!isJson(body) || !Array.isArray(body['movies'])) throw new Error('not a list');
    projects.push(...body['movies'].map((movie: Json) => String(movie['project'])));
    const token = body['next_token'];
    if (typeof token !== 'string' || token === '') return projects;
    query.set('next_token', token);
  }
  throw new Error('the list has no end');
}

const dayText = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-28T02:00:00.000Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

test('an accepted movie is listed once, and readable, as soon as the longest lag has passed', () => {
  for (const seed of SEEDS) {
    const habits = drawHabits(randomOf(seed, 'habits'));
    const movies = new Movies(String(seed), habits);
    const accepted = Array.from({ length: 30 }, (_, index) =>
      movies.accept(ACCOUNT, clientDataOf(`key-${index}`)),
    );
    const foreign = movies.accept('another account', clientDataOf('key-0'));
    vi.advanceTimersByTime(18_000);

    const limit = Math.min(100, habits.failsAboveLimit);
    const listed = projectsListed(movies, habits, limit);
    expect(listed.toSorted()).toEqual(accepted.map(({ project }) => project).toSorted());
    expect(
      readOne(ACCOUNT, new URLSearchParams({ project: accepted[0]?.project ?? '' }), movies, habits).body,
    ).toContain(accepted[0]?.project);
    expect(movies.readable(ACCOUNT, foreign.project)).toBeUndefined();
  }
});

test('a list tells by `from` what it leaves out', () => {
  for (const seed of SEEDS) {
    const habits = { ...drawHabits(randomOf(seed, 'habits')), failsAboveLimit: 100 };
    const movies = new Movies(String(seed), { ...habits, listLagMs: 0 });
    movies.accept(ACCOUNT, clientDataOf('key'));
    const query = new URLSearchParams({ date_start: dayText(Date.now()) });
    const body: unknown = JSON.parse(readList(ACCOUNT, query, movies, habits).body);
    const { from, movies: shown } = body as { from: string; movies: readonly Json[] };
    const zoneMs = habits.bounds === 'date' ? habits.zoneHours * HOUR_MS : 0;
    const isInside = Date.parse(from) - zoneMs <= Date.now() + habits.clockMs;

    expect(shown.length).toBe(isInside ? 1 : 0);
  }
});

test('what was accepted stands in the ledger, under the name that its caller gave it, also if the reply is lost', async () => {
  vi.useRealTimers();
  const provider = await openRandomProvider({
    seed: 'ledger',
    habits: { ...drawHabits(randomOf(1)), getFaultShare: 0 },
    accounts: new Map([['a key', ACCOUNT]]),
    natureOf: (key) => (key.startsWith('lossy') ? 'lossy' : 'calm'),
  });
  const post = async (key: string): Promise<string> => {
    const told = fetch(`${provider.url}/v2/movies`, {
      method: 'POST',
      headers: { 'x-api-key': 'a key', 'content-type': 'application/json' },
      body: JSON.stringify(clientDataOf(key)),
      signal: AbortSignal.timeout(6_000),
    });
    return told.then((response) => response.text()).catch(() => '');
  };
  const texts = await Promise.all(
    Array.from({ length: 40 }, (_, index) => post(`${index % 2 === 0 ? 'calm' : 'lossy'}-${index}`)),
  );
  await provider.close();

  const projects = texts.flatMap((text) =>
    text.includes('"project"') ? [String(JSON.parse(text).project)] : [],
  );
  const ledger = provider.accepted.map(({ project }) => project);
  expect(projects.filter((project) => !ledger.includes(project))).toEqual([]);
  expect(provider.accepted.filter(({ key }) => key.startsWith('calm'))).toHaveLength(20);
  expect(provider.accepted.length).toBeGreaterThan(projects.length);
});
