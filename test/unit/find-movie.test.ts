import { Client, Connection } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFindMovie } from '../../src/activities/find-movie.js';
import { ListLag } from '../../src/activities/list-lag.js';
import type { Look } from '../../src/render/activity-results.js';
import { type FakeJson2Video, startFakeJson2Video } from 'json2video-local';
import { createJson2Video, type Json2Video } from '../../src/json2video/client.js';
import { lookSince } from '../../src/render/look-times.js';
import { withMark } from '../../src/movie/movie.js';

const KEY = 'order-1';
const FINGERPRINT = 'a'.repeat(64);
const MARK = { key: KEY, fingerprint: FINGERPRINT, namespace: 'videos' };
const MOVIE = { scenes: [{ duration: 1, elements: [{ type: 'text', text: 'x' }] }] };

let fake: FakeJson2Video;
let json2video: Json2Video;
let client: Client;

async function open(startAt: string): Promise<void> {
  fake = await startFakeJson2Video({ startAt, credits: 1e9 });
  json2video = createJson2Video({ url: fake.url, apiKey: fake.apiKey, now: () => fake.now() });
  client = new Client({ connection: Connection.lazy(), namespace: 'videos' });
}
beforeEach(() => open('2026-11-30T23:59:59.000Z'));
afterEach(async () => {
  await json2video.close();
  await fake.close();
  await client.connection.close();
});

async function post(movie: object): Promise<string> {
  const reply = await fetch(`${fake.url}/v2/movies`, {
    method: 'POST',
    headers: { 'x-api-key': fake.apiKey, 'content-type': 'application/json' },
    body: JSON.stringify(movie),
  });
  const { project } = (await reply.json()) as { project: string };
  return project;
}

async function postOthers(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await post({ ...MOVIE, comment: String(index) });
}

/** One look as the workflow asks for it, for a run that was started at the given time. */
function look(startedAt: string): Promise<Look> {
  const now = (): number => fake.now();
  const env = new MockActivityEnvironment(
    { workflowExecution: { workflowId: KEY, runId: 'run-1' } },
    { client, logger: new DefaultLogger('ERROR') },
  );
  const findMovie = createFindMovie({ json2video, now, monotonicNow: now }, new ListLag(now));
  const since = lookSince(Date.parse(startedAt), undefined);
  return env.run(findMovie, { since, fingerprint: FINGERPRINT, settledAt: startedAt });
}

test('a movie submitted in the last second of a month is found on the third page, on the first of the next', async () => {
  await postOthers(120);
  const project = await post(withMark(MOVIE, MARK));
  fake.advance(60);
  await postOthers(120);
  const seen = await look('2026-11-30T23:59:58.000Z');

  expect(seen).toMatchObject({ runId: 'run-1', scanned: 241, found: { project } });
  expect(fake.requests({ call: 'list' })).toHaveLength(3);
});

test('a movie that the list shows 20 s late is absent before, and found after', async () => {
  fake.fault({ match: {}, effect: { kind: 'list', lagSeconds: 20 } });
  const project = await post(withMark(MOVIE, MARK));
  const before = await look('2026-11-30T23:59:58.000Z');
  fake.advance(21);

  expect(before.found).toBeUndefined();
  expect(await look('2026-11-30T23:59:58.000Z')).toMatchObject({ found: { project } });
});

test('another fingerprint is reported and never adopted; another namespace or key is ignored', async () => {
  await post(withMark(MOVIE, { ...MARK, namespace: 'elsewhere' }));
  await post(withMark(MOVIE, { ...MARK, key: 'order-2' }));
  expect(await look('2026-11-30T23:59:58.000Z')).toMatchObject({ scanned: 2 });
  expect(await look('2026-11-30T23:59:58.000Z')).not.toHaveProperty('otherProject');

  const otherProject = await post(withMark(MOVIE, { ...MARK, fingerprint: 'b'.repeat(64) }));
  expect(await look('2026-11-30T23:59:58.000Z')).toMatchObject({ scanned: 3, otherProject });
});

test('of two movies that carry the mark the older one is ours', async () => {
  const first = await post(withMark(MOVIE, MARK));
  fake.advance(5);
  await post(withMark(MOVIE, MARK));

  expect(await look('2026-11-30T23:59:58.000Z')).toMatchObject({ found: { project: first } });
});

test('the mark is found in the submitted JSON if the list leaves `client-data` out', async () => {
  const json = JSON.stringify(withMark(MOVIE, MARK));
  const movies = [{ project: 'fromJson00000000', created_at: '2026-11-30T23:59:59.000Z', json }];
  fake.fault({
    match: { call: 'list' },
    effect: { kind: 'body', text: JSON.stringify({ movies, has_next: false }), accept: true },
  });

  expect(await look('2026-11-30T23:59:58.000Z')).toMatchObject({ found: { project: 'fromJson00000000' } });
});

test('a foreign movie, nested without end, does not stop the look', async () => {
  const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
  const ours = JSON.stringify({ project: 'ours000000000000', 'client-data': { renderonce: MARK } });
  const text = `{"movies":[{"project":"deep000000000000","client-data":${deep}},${ours}],"has_next":false}`;
  fake.fault({ match: { call: 'list' }, effect: { kind: 'body', text, accept: true } });

  expect(await look('2026-11-30T23:59:58.000Z')).toMatchObject({
    scanned: 2,
    found: { project: 'ours000000000000' },
  });
});

test.each([
  ['has a next page without a token', '{"movies":[],"has_next":true}'],
  ['repeats a page', '{"movies":[],"has_next":true,"next_token":"same"}'],
  ['is not a list', '{"success":true}'],
  ['is not JSON', '<html>'],
])('a list that %s is no look', async (_what, text) => {
  fake.fault({ match: { call: 'list' }, effect: { kind: 'body', text, accept: true } });

  await expect(look('2026-11-30T23:59:58.000Z')).rejects.toThrow(/list/);
});

test('a page that breaks off, and a page that fails, are no look', async () => {
  await postOthers(150);
  fake.fault({
    match: { call: 'list' },
    effect: { kind: 'status', code: 500, body: 'oops', accept: false },
  });
  await expect(look('2026-11-30T23:59:58.000Z')).rejects.toThrow(/HTTP 500/);
  fake.clearFaults();
  fake.fault({ match: { call: 'list' }, effect: { kind: 'truncate', bytes: 2_000 } });
  await expect(look('2026-11-30T23:59:58.000Z')).rejects.toThrow(/closed|terminated/);
});
