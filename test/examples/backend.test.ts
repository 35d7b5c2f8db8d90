import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken } from '../../src/receiver/index.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { openStage, SECRET, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { openUserProject, type RunningProgram, type UserProject } from './user-project.js';

expectNoProcessLeft();

let stage: Stage;
let project: UserProject;
let backend: RunningProgram;
let url: string;
beforeAll(async () => {
  // The clock stands still, so that nothing ends before a test says so.
  [stage, project] = await Promise.all([openStage({ provider: { fixedClock: true } }), openUserProject()]);
  await project.copy('backend.ts');
  await project.build();
  const { JSON2VIDEO_URL: _url, JSON2VIDEO_API_KEY: _key, ...env } = stage.env;
  const own = { RENDERONCE_WEBHOOK_SECRET: SECRET, PORT: '0' };
  backend = await project.start('backend.js', { ...env, ...own });
  url = backend.firstLine.replace('backend ready: ', '');
  await stage.hostWorker({ RENDERONCE_WEBHOOK_URL: url, RENDERONCE_WEBHOOK_SECRET: SECRET });
});
afterAll(async () => {
  await project.close();
  await stage.close();
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(path: string, order?: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const placing = { method: 'POST', headers, body: JSON.stringify(order) };
  const reply = await fetch(`${url}${path}`, order === undefined ? {} : placing);
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

test('the example has fewer than 60 lines', async () => {
  const text = await readFile(new URL('../../examples/backend.ts', import.meta.url), 'utf8');
  expect(text.trimEnd().split('\n').length).toBeLessThan(60);
});

test('an order that is placed twice at once gives one paid POST and one video, told by a webhook to the backend', async () => {
  const answers = await Promise.all([
    ask('/orders/12345', { customer: 'Ada' }),
    ask('/orders/12345', { customer: 'Ada' }),
  ]);
  expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '201']);
  const [{ body }] = answers;
  expect(answers.map((answer) => answer.body['project'])).toEqual([body['project'], body['project']]);
  expect(await ask('/orders/12345/video')).toEqual({
    status: 202,
    body: { state: 'rendering', project: body['project'] },
  });

  await stage.fake.advance(60);
  // Sooner than the first safety check, so it is the webhook that told.
  const video = await until('the order has its video', async () => {
    const answer = await ask('/orders/12345/video');
    return answer.status === 200 && answer;
  });

  const key = 'order:12345:promo-video';
  expect(video.body).toMatchObject({ status: 'done', key, project: body['project'], durationSeconds: 5 });
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
  const [movie] = await stage.fake.movies(key);
  expect(movie).toMatchObject({ status: 'done', webhooks: [{ status: 200 }] });
  expect(movie?.webhooks[0]?.url).toContain(`${url}/json2video/v1.`);
  expect(await ask('/orders/12345', { customer: 'Ada' })).toMatchObject({ status: 200 });
  expect(await stage.fake.movies(key)).toHaveLength(1);
});

test('the same order with another content is a conflict that names what differs, and nothing is sent', async () => {
  await ask('/orders/777', { customer: 'Ada' });
  const answer = await ask('/orders/777', { customer: 'Grace' });

  expect(answer).toMatchObject({ status: 422, body: { code: 'IdempotencyKeyReused' } });
  expect(answer.body['message']).toContain('scenes[0].elements[0].text');
  expect(await stage.fake.movies('order:777:promo-video')).toHaveLength(1);
});

test('an order that nobody placed has no video, and an order without a customer is refused', async () => {
  expect(await ask('/orders/0/video')).toMatchObject({ status: 404, body: { code: 'KeyNotFound' } });
  expect(await ask('/orders/0', {})).toMatchObject({ status: 400 });
});

test('a movie that the provider refuses is told with its reason, and nothing is spent', async () => {
  const key = 'order:31:promo-video';
  const body = JSON.stringify({ message: "Property 'style' is not valid" });
  const effect = { kind: 'status', code: 400, body, accept: false } as const;
  await stage.fake.fault({ match: { call: 'create', key }, effect, times: 1 });
  const refused = await ask('/orders/31', { customer: 'Ada' });
  await until('the refused run is closed', async () => {
    const { closedAt } = await stage.renders.status(key);
    return closedAt !== undefined;
  });

  expect(refused).toMatchObject({ status: 422, body: { code: 'MovieRejected' } });
  expect(refused.body['message']).toContain("Property 'style' is not valid");
  expect(await ask('/orders/31/video')).toMatchObject({ status: 422, body: { code: 'MovieRejected' } });
  expect(await stage.fake.movies(key)).toEqual([]);
});

test('a delivery with a forged address is 404, one over 64 KB is 413, and neither reaches the render', async () => {
  const deliver = async (token: string, body: string): Promise<number> =>
    (await fetch(`${url}/json2video/${token}`, { method: 'POST', body })).status;
  const expiry = new Date(Date.now() + 60_000);
  const [forged, genuine] = ['another-secret-that-is-long-enough-too', SECRET].map((secret) =>
    signToken('order:777:promo-video', expiry, [secret]),
  ) as [string, string];

  expect(await deliver(forged, '{"project":"p"}')).toBe(404);
  expect(await deliver(genuine, 'x'.repeat(70_000))).toBe(413);
  expect(await deliver(genuine, '{"project":"p"}')).toBe(200);
});

test('a backend without a secret takes no webhook: an empty one would open the address to everybody', async () => {
  const { JSON2VIDEO_URL: _url, JSON2VIDEO_API_KEY: _key, ...env } = stage.env;
  const bare = await project.start('backend.js', { ...env, RENDERONCE_WEBHOOK_SECRET: '', PORT: '0' });
  const address = bare.firstLine.replace('backend ready: ', '');
  const token = signToken('order:777:promo-video', new Date(Date.now() + 60_000), ['']);
  const reply = await fetch(`${address}/json2video/${token}`, { method: 'POST', body: '{"project":"p"}' });

  expect(reply.status).toBe(404);
  expect(await bare.stop()).toBe(0);
});

test('a backend without an engine says so in one line', async () => {
  const away = project.start('backend.js', { TEMPORAL_ADDRESS: '127.0.0.1:1' });
  await expect(away).rejects.toThrow(/^ended with 3: No engine at 127\.0\.0\.1:1: .*\n$/);
});

test('the backend ends cleanly when it is asked to', async () => {
  expect(await backend.stop()).toBe(0);
});
