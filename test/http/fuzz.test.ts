import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { expectNoProcessLeft } from '../support/processes.js';
import { call, type HttpStage, openHttpStage } from './http-stage.js';
import { type Fuzzer, openFuzzer } from './fuzzer.js';
import { makeTokens } from './tokens-for-tests.js';

expectNoProcessLeft();

const { tokens, env } = makeTokens({ boss: ['admin+submit+read+decide'] });

const CHECKS =
  'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance';

/** A stream has no end that the fuzzer waits for; the link of a video leads to the provider. */
const HOW =
  `--exclude-operation-id watchRender --max-redirects 0 --checks ${CHECKS} --phases examples,coverage,fuzzing --max-examples 15 --generation-deterministic --no-shrink --workers 4 --request-timeout 40 --no-color`.split(
    ' ',
  );

/** The failures and the summary at the end of a report. */
const REPORT_CHARACTERS = 10_000;

let fuzzer: Fuzzer | string;
let stage: HttpStage;
beforeAll(async () => {
  [fuzzer, stage] = await Promise.all([
    openFuzzer(),
    openHttpStage({ provider: { timeScale: 100 } }, { ...env, RENDERONCE_REQUESTS_PER_MINUTE: '1000000' }),
  ]);
}, 300_000);
afterAll(() => stage.close());

/** The movie that the document shows. */
function exampleOf(document: unknown): unknown {
  const submission = z.object({ properties: z.object({ movie: z.object({ example: z.unknown() }) }) });
  const schemas = z.object({ SubmissionInput: submission });
  const { components } = z.object({ components: z.object({ schemas }) }).parse(document);
  return components.schemas.SubmissionInput.properties.movie.example;
}

test('hundreds of requests made from the document get no 5xx and no answer outside it', async (context) => {
  if (typeof fuzzer === 'string') {
    if (process.env['CI'] === undefined) return context.skip(fuzzer);
    throw new Error(fuzzer);
  }
  const [server] = stage.servers;
  const url = String(server.said['url']);
  const { body: document } = await call(server, 'GET', '/openapi.json');
  const sent = { token: tokens.boss, body: { movie: exampleOf(document) }, headers: { prefer: 'wait=60' } };
  expect(await call(server, 'PUT', '/v1/renders/order-1042', sent)).toMatchObject({ status: 201 });
  const { token, headers } = sent;
  const done = await call(server, 'GET', '/v1/renders/order-1042', { token, headers });
  expect(done.body).toMatchObject({ state: 'done' });

  const target = [`${url}/openapi.json`, '--url', url, '--header', `Authorization: Bearer ${token}`];
  const ran = await fuzzer.run(['run', ...target, ...HOW], stage.folder);
  if (ran.code !== 0) throw new Error((ran.stdout + ran.stderr).slice(-REPORT_CHARACTERS));
  expect(ran.stdout).toMatch(/\d{3,} generated/);

  // The fuzzer has sent the documented key and movie many times, and has asked for the end of the render.
  expect((await call(server, 'GET', '/v1/renders/order-1042', { token })).body).toEqual(done.body);
  expect(await stage.fake.movies('order-1042')).toHaveLength(1);
}, 240_000);
