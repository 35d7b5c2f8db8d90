import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, type Stage } from '../support/stage.js';
import { ask, atProvider, failure, openDropInStage, projectQuery, TOKENS, withKey } from './drop-in-stage.js';

expectNoProcessLeft();

let stage: Stage;
let server: Running;
beforeAll(async () => {
  stage = await openDropInStage({ provider: { renderSeconds: 1 } });
  [server] = await Promise.all([stage.startServer(), stage.hostWorker()]);
});
afterAll(() => stage.close());

test("another tenant's project is answered as an unknown one is, as the provider answers it", async () => {
  const key = freshKey('secret');
  const { body: first } = await ask(server, 'POST', '/v2/movies', { body: CARD, ...withKey(key) });
  const query = projectQuery(first['project']);
  const { body: _body, ...unknown } = await atProvider(stage, '/v2/movies?project=unknown000000000');
  const rival = { token: TOKENS.rival };
  const answers = await Promise.all([
    ask(server, 'GET', `/v2/movies${query}`, rival),
    ask(server, 'GET', `/keys/${key}/v2/movies${query}`, rival),
    ask(server, 'GET', '/v2/movies?project=unknown000000000'),
    ask(server, 'GET', `/v2/movies?project=${encodeURIComponent('x" OR WorkflowId!="')}`),
  ]);
  for (const { status, text } of answers) expect({ status, text }).toEqual(unknown);
  // The same key is another render for another tenant.
  const own = await ask(server, 'POST', '/v2/movies', { body: CARD, ...withKey(key), ...rival });
  expect(own.status).toBe(200);
  expect(own.body['project']).not.toBe(first['project']);
});

test('lists and deletions are refused with a sentence, and so is a caller without a token or the scope', async () => {
  const list = await ask(server, 'GET', '/v2/movies');
  expect({ status: list.status, body: list.body }).toEqual({ status: 403, body: failure(/\/v1\/renders/) });
  const deletion = await ask(server, 'DELETE', '/v2/movies?project=abc');
  expect({ status: deletion.status, body: deletion.body }).toEqual({
    status: 403,
    body: failure(/deletes no/),
  });
  const stranger = await ask(server, 'POST', '/v2/movies', { body: CARD, token: 'nope' });
  expect({ status: stranger.status, body: stranger.body }).toEqual({
    status: 401,
    body: failure(/Invalid API Key/),
  });
  const reader = await ask(server, 'POST', '/v2/movies', { body: CARD, token: TOKENS.reader });
  expect({ status: reader.status, body: reader.body }).toEqual({
    status: 403,
    body: failure(/scope submit/),
  });
});

test("templates are the provider's, word for word, and an unknown one has its answer", async () => {
  const { timestamp: _at, ...templates } = (await atProvider(stage, '/v2/templates')).body;
  const own = await ask(server, 'GET', '/v2/templates', { token: TOKENS.reader });
  expect({ status: own.status, body: own.body }).toMatchObject({ status: 200, body: templates });
  const unknown = await ask(server, 'GET', '/keys/a/v2/templates?id=AAAAAAAAAAAAAAAAAAAA');
  expect(unknown.status).toBe(400);
  expect(unknown.body).toEqual(failure(/Template AAAAAAAAAAAAAAAAAAAA not found/));
});

test('a server without an API key of the provider says so, and knows the renders of its engine all the same', async () => {
  const keyless = await stage.startServer({ JSON2VIDEO_API_KEY: '' });
  const templates = await ask(keyless, 'GET', '/v2/templates');
  expect({ status: templates.status, body: templates.body }).toEqual({
    status: 501,
    body: failure(/JSON2VIDEO_API_KEY/),
  });
  const posted = await ask(keyless, 'POST', '/v2/movies', { body: CARD, ...withKey(freshKey('keyless')) });
  const read = await ask(keyless, 'GET', `/v2/movies${projectQuery(posted.body['project'])}`);
  expect(read.body).toMatchObject({ success: true, movie: { project: posted.body['project'] } });
  await keyless.stop();
});
