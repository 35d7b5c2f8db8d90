import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { freshKey } from '../support/stage.js';
import { call, type HttpStage, MOVIE, openHttpStage, pathOf } from './http-stage.js';

expectNoProcessLeft();

let stage: HttpStage;
let server: Running;
let other: Running;
beforeAll(async () => {
  stage = await openHttpStage({ provider: { renderSeconds: 3 } });
  [server, other] = stage.servers;
});
afterAll(() => stage.close());

/** The events of a stream that has ended. */
function eventsOf(text: string): { readonly id: string; readonly data: Record<string, unknown> }[] {
  return [...text.matchAll(/^id: (.*)\ndata: (.*)$/gm)].map(([, id = '', data = '']) => ({
    id,
    data: JSON.parse(data),
  }));
}

test('a stream reports each change until the render is closed, and goes on at another server without a repetition', async () => {
  const key = freshKey('stream');
  await call(server, 'PUT', pathOf(key), { body: MOVIE });
  const streamed = await call(server, 'GET', pathOf(key, '/events'));
  expect(streamed.headers.get('content-type')).toContain('text/event-stream');
  const events = eventsOf(streamed.text);
  expect(events.at(-1)?.data).toMatchObject({ key, state: 'done', outcome: { status: 'done' } });
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  const lastId = events.at(-1)?.id ?? '';
  const again = await call(other, 'GET', pathOf(key, '/events'), { headers: { 'last-event-id': lastId } });
  expect(again.status).toBe(204);
  expect((await call(other, 'GET', pathOf(freshKey('none'), '/events'))).status).toBe(404);
});

test('a closed render sends its readers to the video, until the provider deletes it', async () => {
  const key = freshKey('video');
  await call(server, 'PUT', pathOf(key), { body: MOVIE });
  const ended = await call(server, 'GET', pathOf(key), { headers: { prefer: 'respond-async, wait=500' } });
  expect(ended.headers.get('preference-applied')).toBe('wait=60');
  const video = await call(server, 'GET', pathOf(key, '/video'));
  expect(video.status).toBe(302);
  expect(video.headers.get('location')).toMatch(/^http.*\.mp4$/);
});

test('a wait for the end gives the state as it is when the time is up', async () => {
  const key = freshKey('short');
  await call(server, 'PUT', pathOf(key), { body: MOVIE });
  const early = await call(server, 'GET', pathOf(key), { headers: { prefer: 'wait=1' } });
  expect(early).toMatchObject({ status: 200, body: { state: 'rendering' } });
  expect(
    (await call(server, 'GET', pathOf(freshKey('none')), { headers: { prefer: 'wait=5' } })).status,
  ).toBe(404);
});

test('a list is read page by page, each render once', async () => {
  const prefix = freshKey('page');
  const keys = ['a', 'b', 'c', 'd', 'e'].map((name) => `${prefix}-${name}`);
  await Promise.all(
    keys.map((key) => call(server, 'PUT', pathOf(key), { body: MOVIE, headers: { prefer: 'wait=0' } })),
  );
  await expect.poll(async () => (await pages(prefix)).flat().toSorted(), { timeout: 20_000 }).toEqual(keys);
  const sizes = (await pages(prefix)).map(({ length }) => length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(2);
  const wrong = await call(server, 'GET', '/v1/renders?cursor=bm90LWEtY3Vyc29y');
  expect(wrong).toMatchObject({ status: 400, body: { code: 'OptionsInvalid' } });
  for (const query of [
    'limit=0',
    'limit=x',
    'state=nothing',
    'since=yesterday',
    'nonsense=1',
    'cursor=%00',
  ]) {
    expect((await call(server, 'GET', `/v1/renders?${query}`)).status).toBe(400);
  }
});

async function pages(prefix: string): Promise<string[][]> {
  const found: string[][] = [];
  let cursor = '';
  do {
    const { body } = await call(other, 'GET', `/v1/renders?prefix=${prefix}&limit=2${cursor}`);
    const { renders, next } = body as { renders: { key: string }[]; next?: string };
    found.push(renders.map(({ key }) => key));
    cursor = next === undefined ? '' : `&cursor=${next}`;
  } while (cursor !== '' && found.length < 20);
  return found;
}
