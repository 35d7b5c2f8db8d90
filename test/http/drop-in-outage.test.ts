import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { ask, openDropInStage } from './drop-in-stage.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  stage = await openDropInStage({ provider: { renderSeconds: 1 } });
});
afterAll(() => stage.close());

const keyed = (key: string, wait = 1) => ({
  body: CARD,
  headers: { 'idempotency-key': key, prefer: `wait=${wait}` },
});

test('without a worker a movie is answered with 503 and Retry-After, and with its project once a worker is there', async () => {
  const key = freshKey('nobody');
  const server = await stage.startServer();
  const early = await ask(server, 'POST', '/v2/movies', keyed(key));
  expect(early.status).toBe(503);
  expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(early.body).toEqual({ success: false, message: expect.stringMatching(/worker/) });
  const stop = await stage.hostWorker();
  const later = await ask(server, 'POST', '/v2/movies', keyed(key, 30));
  expect(later.status).toBe(200);
  expect(await stage.fake.movies(`shop:${key}`)).toHaveLength(1);
  await stop();
  await server.stop();
});

test('a server that is killed while it waits for the provider, and a repeat at another one: one accepted POST', async () => {
  const key = freshKey('killed');
  const [doomed, other, stop] = await Promise.all([
    stage.startServer(),
    stage.startServer(),
    stage.hostWorker(),
  ]);
  const park = await stage.fake.fault({
    match: { call: 'create', key: `shop:${key}` },
    effect: { kind: 'park', at: 'before' },
    times: 1,
  });
  const lost = ask(doomed, 'POST', '/v2/movies', keyed(key, 30)).catch(() => 'lost');
  await until('the POST is under way', async () => {
    const posts = await stage.fake.requests({ call: 'create', key: `shop:${key}` });
    return posts.length > 0;
  });
  doomed.kill('SIGKILL');
  await doomed.exit;
  expect(await lost).toBe('lost');
  // Nothing is sent a second time while the first POST is on its way.
  const soon = await ask(other, 'POST', '/v2/movies', keyed(key));
  expect({ status: soon.status, message: soon.body['message'] }).toEqual({
    status: 503,
    message: expect.stringMatching(/submitting/),
  });
  await stage.fake.release(park);
  const repeat = await ask(other, 'POST', '/v2/movies', keyed(key, 30));
  expect(repeat.status).toBe(200);
  expect(repeat.headers.get('idempotent-replayed')).toBe('true');
  expect(await stage.fake.movies(`shop:${key}`)).toHaveLength(1);
  await Promise.all([stop(), other.stop()]);
});
