import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { ask, atProvider, failure, openDropInStage, projectQuery, withKey } from './drop-in-stage.js';

expectNoProcessLeft();

let stage: Stage;
let server: Running;
beforeAll(async () => {
  stage = await openDropInStage({ provider: { renderSeconds: 1 } });
  [server] = await Promise.all([stage.startServer(), stage.hostWorker()]);
});
afterAll(() => stage.close());

const engineKey = (key: string): string => `shop:${key}`;

test('a movie is answered exactly as the provider answers, and its repeat with the same project and the replay mark', async () => {
  const key = freshKey('card');
  const first = await ask(server, 'POST', '/v2/movies', { body: CARD, ...withKey(`"${key}"`) });
  expect(first.status).toBe(200);
  expect(first.body).toEqual({
    success: true,
    project: expect.stringMatching(/^\w{16}$/),
    timestamp: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
  });
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  const again = await ask(server, 'POST', '/v2/movies', { body: CARD, ...withKey(key) });
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(await stage.fake.movies(engineKey(key))).toHaveLength(1);
});

test('the key may stand in the header, in the path or in client-data: the same movie stays the same, and is sent once', async () => {
  const key = freshKey('three/ways');
  const inPath = `/keys/${encodeURIComponent(key)}/v2/movies`;
  const keyed = { ...CARD, 'client-data': { 'idempotency-key': key } };
  const answers = [
    await ask(server, 'POST', '/v2/movies', { body: keyed }),
    await ask(server, 'POST', '/v2/movies', { body: CARD, ...withKey(key) }),
    await ask(server, 'POST', inPath, { body: CARD }),
    await ask(server, 'POST', inPath, { body: keyed, ...withKey(key) }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(new Set(answers.map(({ body }) => body['project'])).size).toBe(1);
  const [sent, ...others] = await stage.fake.movies(engineKey(key));
  expect(others).toEqual([]);
  const real = await atProvider(stage, `/v2/movies${projectQuery(sent?.project)}`);
  expect(real.body).toMatchObject({ movie: { 'client-data': { 'idempotency-key': key } } });
});

test.each(['PUT first', 'POST first'])(
  'the same movie under the same key is one render in both interfaces, also with an empty client-data: %s',
  async (order) => {
    const key = freshKey('both');
    const put = (clientData: object) =>
      ask(server, 'PUT', `/v1/renders/${key}`, { body: { movie: { ...CARD, ...clientData } } });
    const post = (clientData: object) =>
      ask(server, 'POST', '/v2/movies', { body: { ...CARD, ...clientData }, ...withKey(key) });
    const [first, second] = order === 'PUT first' ? [put, post] : [post, put];
    const answers = [await first({}), await second({})];
    for (const empty of [{}, [], null])
      answers.push(await first({ 'client-data': empty }), await second({ 'client-data': empty }));
    expect(answers.map(({ status, text }) => (status < 202 ? 'accepted' : text))).toEqual(
      answers.map(() => 'accepted'),
    );
    expect(new Set(answers.map(({ body }) => body['project'])).size).toBe(1);
    expect(await stage.fake.movies(engineKey(key))).toHaveLength(1);
  },
);

test('a request without a key, or with two that differ, sends nothing and says how to give one', async () => {
  const before = await stage.fake.requests({ call: 'create' });
  const none = await ask(server, 'POST', '/v2/movies', { body: CARD });
  const two = await ask(server, 'POST', '/keys/a/v2/movies', { body: CARD, ...withKey('b') });
  for (const { status, body } of [none, two]) {
    expect(status).toBe(400);
    expect(body).toEqual(failure(/header Idempotency-Key.*\/keys\/\{key\}\/v2\/movies.*client-data/));
  }
  expect(await stage.fake.requests({ call: 'create' })).toHaveLength(before.length);
});

test('another movie under the key is refused with 422, also another client-data', async () => {
  const key = freshKey('other');
  await ask(server, 'POST', '/v2/movies', { body: CARD, ...withKey(key) });
  const changes = [{ resolution: 'sd' }, { 'client-data': { order: 2 } }];
  for (const change of changes) {
    const { status, body } = await ask(server, 'POST', '/v2/movies', {
      body: { ...CARD, ...change },
      ...withKey(key),
    });
    expect(status).toBe(422);
    expect(body).toEqual(failure(/another|differ/));
  }
  expect(await stage.fake.movies(engineKey(key))).toHaveLength(1);
});

test("a rejected movie is answered with 400 and the provider's words, and its key stays free", async () => {
  const key = freshKey('rejected');
  const template = 'AAAAAAAAAAAAAAAAAAAA';
  const { status, body } = await ask(server, 'POST', '/v2/movies', { body: { template }, ...withKey(key) });
  expect(status).toBe(400);
  expect(body).toEqual(failure(new RegExp(`Template ${template} not found`)));
  const corrected = await ask(server, 'POST', '/v2/movies', { body: CARD, ...withKey(key) });
  expect(corrected.status).toBe(200);
});

test('bodies that are no movie are refused in words that existing code knows', async () => {
  const bodies: [string, RegExp][] = [
    ['', /^No movie JSON received/],
    ['{"scenes": [}', /^Error parsing movie JSON or the movie was empty: .*line 1/],
    ['[]', /^No valid movie JSON received/],
  ];
  for (const [text, words] of bodies) {
    const { status, body } = await ask(server, 'POST', '/v2/movies', { body: text, ...withKey('none') });
    expect({ status, body }).toEqual({ status: 400, body: failure(words) });
  }
});

test('a render that failed is replayed with its project, and its status says error', async () => {
  const key = freshKey('failed');
  const broken = { scenes: [{ duration: 1, elements: [{ type: 'video' }] }] };
  // Through the library, whose caller may shorten the time for which an error may still recover.
  await stage.renders.submitOnce(engineKey(key), broken, { errorGraceSeconds: 10 });
  const { body: first } = await ask(server, 'POST', '/v2/movies', { body: broken, ...withKey(key) });
  const path = `/v2/movies${projectQuery(first['project'])}`;
  const ended = await until(
    'the render has failed',
    async () => {
      const { body } = await ask(server, 'GET', path);
      const { movie: read } = body as { movie?: Record<string, unknown> };
      return read?.['status'] === 'error' && read;
    },
    50_000,
  );
  expect(ended).toMatchObject({ success: false, project: first['project'], url: null });
  expect(ended['message']).toMatch(/src/);
  const again = await ask(server, 'POST', '/v2/movies', { body: broken, ...withKey(key) });
  expect(again.body).toEqual(first);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
});

test("the status of a project has the provider's names, with the submitted movie unless format=simple", async () => {
  const key = freshKey('status');
  const movie = { ...CARD, 'client-data': { order: 7 } };
  const { body: first } = await ask(server, 'POST', `/keys/${key}/v2/movies`, { body: movie });
  const query = projectQuery(first['project']);
  // A tool that keeps its base URL reads there, too.
  const soon = await ask(server, 'GET', `/keys/${key}/v2/movies${query}`);
  expect(soon.status).toBe(200);
  const done = await until('the video is there', async () => {
    const { body } = await ask(server, 'GET', `/v2/movies${query}`);
    return (body['movie'] as Record<string, unknown>)['status'] === 'done' && body;
  });
  const real = (await atProvider(stage, `/v2/movies${query}`)).body['movie'] as Record<string, unknown>;
  const { consumed_credits: _credits, json: _json, 'client-data': _clientData, ...same } = real;
  const own = done['movie'] as Record<string, unknown>;
  expect(done).toMatchObject({ success: true, movie: same, remaining_quota: {} });
  expect(own['client-data']).toEqual({ order: 7 });
  expect(JSON.parse(String(own['json']))).toEqual(movie);
  const simple = await ask(server, 'GET', `/v2/movies${query}&format=simple`);
  const { json: _submitted, ...rest } = own;
  expect(simple.body['movie']).toEqual(rest);
});
