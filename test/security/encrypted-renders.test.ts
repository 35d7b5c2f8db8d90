import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encryptingDataConverter } from '../../src/codec/index.js';
import { findEngine } from '../../src/engine/index.js';
import { PayloadUnreadable } from '../../src/render/errors.js';
import { MOVIE_BYTES } from '../../src/render/limits.js';
import { Renders } from '../../src/starter.js';
import { callCommand } from '../support/call-command.js';
import { expectNoProcessLeft, type Running, startCommand } from '../support/processes.js';
import { freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { everythingIn, foundIn } from './everything.js';

expectNoProcessLeft();

const keyOf = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const [OLD, NEW] = [keyOf('old'), keyOf('new')];

/** Whom the movies are about. */
const PERSON = 'Ada-Lovelace-of-Marylebone';
const GREETING = 'a-greeting-nobody-else-shall-read';
const movieOf = (text: string) => ({
  comment: `for ${PERSON}`,
  scenes: [{ duration: 5, elements: [{ type: 'text', text: `${PERSON}: ${text}`, style: '001' }] }],
});

let stage: Stage;
let worker: Running;
beforeAll(async () => {
  stage = await openStage({
    provider: { timeScale: 20 },
    env: { RENDERONCE_ENCRYPTION_KEYS: OLD },
  });
  await stage.startReceiver();
  worker = await stage.startWorker();
});
afterAll(() => stage.close());

/** All that the engine tells of a key: its history, byte by byte, and its description. */
async function told(key: string): Promise<string> {
  const handle = stage.client.workflow.getHandle(key);
  return everythingIn([await handle.fetchHistory(), (await handle.describe()).raw]);
}

describe('with encryption on', () => {
  test('a render ends as it does without, by webhook, and the engine holds nothing of the movie', async () => {
    const key = freshKey('sealed');
    const answer = await stage.renders.submitOnce(key, movieOf(GREETING));
    const video = await stage.renders.result(key);

    expect(video).toMatchObject({ status: 'done', key, project: answer.project });
    expect(await stage.renders.submitOnce(key, movieOf(GREETING))).toEqual({ ...answer, replayed: true });
    expect(await stage.renders.status(key)).toMatchObject({ state: 'done', attempts: 1 });
    expect(await stage.fake.movies(key)).toMatchObject([{ webhooks: [{ status: 200 }] }]);
    // What is searched does hold what is said to stay readable: the key and the project.
    expect(
      foundIn(await told(key), [key, answer.project, PERSON, GREETING, video.url, answer.fingerprint]),
    ).toEqual([key, answer.project]);
  });

  test('another movie under the key is refused with the paths in which it differs', async () => {
    const key = freshKey('reused');
    await stage.renders.start(key, movieOf('one'));
    await expect(stage.renders.submitOnce(key, movieOf('two'))).rejects.toMatchObject({
      code: 'IdempotencyKeyReused',
      differingPaths: ['scenes[0].elements[0].text'],
    });
    await expect(stage.renders.start(key, movieOf('two'))).rejects.toMatchObject({
      code: 'IdempotencyKeyReused',
    });
    await stage.renders.result(key);
  });

  test("the provider's words reach the caller, and not the engine, also while it waits", async () => {
    const key = freshKey('refused');
    const body = { success: false, message: `No credits left for ${PERSON}` };
    await stage.fake.fault({
      match: { call: 'create', key },
      effect: { kind: 'status', code: 403, body, accept: false },
      times: 1,
    });
    await stage.renders.start(key, movieOf('refused'), { webhook: false });
    await until('the refusal is told', async () => {
      const { message } = await stage.renders.status(key);
      return message?.includes(body.message);
    });
    await until('a check has failed', async () => {
      const { providerStatus } = await stage.renders.status(key);
      return providerStatus?.includes('first check');
    });
    expect(foundIn(await told(key), [PERSON, 'No credits left', 'first check'])).toEqual([]);

    const rejected = freshKey('rejected');
    const reason = { success: false, message: `Text of ${PERSON} is too long` };
    await stage.fake.fault({
      match: { call: 'create', key: rejected },
      effect: { kind: 'status', code: 400, body: reason, accept: false },
    });
    const call = stage.renders.submitOnce(rejected, movieOf('rejected'));
    await expect(call).rejects.toMatchObject({ code: 'MovieRejected', message: reason.message });
    expect((await stage.renders.status(rejected)).message).toBe(reason.message);
    expect(foundIn(await told(rejected), [PERSON, 'too long'])).toEqual([]);
  });

  test("Temporal's own CLI shows it in the clear with the codec server, and not without", async () => {
    const key = freshKey('shown');
    await stage.renders.start(key, movieOf(GREETING));
    const token = randomBytes(32).toString('hex');
    const codec = await startCommand(['codec', '--port', '0'], {
      ...stage.env,
      RENDERONCE_CODEC_TOKEN: token,
    });
    expect(JSON.stringify(codec.said)).not.toContain(token);
    const { path: cli } = await findEngine({ env: process.env });
    const { address, namespace } = stage.engine;
    const place = ['--address', address, '--namespace', namespace];
    const show = ['workflow', 'show', '--workflow-id', key, ...place, '--output', 'json'];
    const access = ['--codec-endpoint', String(codec.said['url']), '--codec-auth', `Bearer ${token}`];
    const run = promisify(execFile);
    const [sealed, open] = [await run(cli, show), await run(cli, [...show, ...access])];
    expect([foundIn(sealed.stdout, [GREETING]), foundIn(open.stdout, [GREETING])]).toEqual([[], [GREETING]]);
    expect(await codec.stop()).toBe(0);
  });

  test('the largest movie fits', async () => {
    const key = freshKey('large');
    const noise = randomBytes((MOVIE_BYTES * 3) / 4 - 1_000).toString('base64');
    const video = await stage.renders.render(key, movieOf(noise));
    expect(video.status).toBe('done');
  });
});

/** A backend with other keys, or with none. */
function rendersWith(keys: string | undefined): Renders {
  const encryption = keys === undefined ? {} : { dataConverter: encryptingDataConverter(keys) };
  const client = new Client({
    connection: stage.client.connection,
    namespace: stage.engine.namespace,
    ...encryption,
  });
  return new Renders({ client, taskQueue: stage.taskQueue });
}

describe('when the key is rotated while a worker is killed', () => {
  test('what the old key encrypted is read: outcomes, and that a killed attempt may have sent', async () => {
    const [running, ended] = [freshKey('running'), freshKey('ended')];
    const video = await stage.renders.render(ended, movieOf('ended'));
    await stage.fake.fault({
      match: { call: 'create', key: running },
      effect: { kind: 'park', at: 'before' },
    });
    await stage.renders.start(running, movieOf('running'), { submitTimeoutSeconds: 10 });
    await until('the movie is on its way', async () => {
      const posts = await stage.fake.requests({ call: 'create', key: running });
      return posts.length === 1;
    });
    worker.kill('SIGKILL');
    await worker.exit;
    const keys = `${NEW},${OLD}`;
    await stage.startWorker({ RENDERONCE_ENCRYPTION_KEYS: keys });

    const rotated = rendersWith(keys);
    // Read as not sent, it would be sent again at once.
    await until('the doubt is seen', async () => (await rotated.status(running)).state === 'unknown');
    expect(await stage.fake.requests({ call: 'create', key: running })).toHaveLength(1);
    expect(await rotated.result(ended)).toEqual(video);
    await stage.fake.clearFaults();
  });

  test('a process without the old key says so, with what to do', async () => {
    const key = freshKey('sealed');
    await stage.renders.start(key, movieOf('sealed'));
    for (const renders of [rendersWith(NEW), rendersWith(undefined)]) {
      await expect(renders.status(key)).rejects.toMatchObject({ code: 'PayloadUnreadable' });
      await expect(renders.submitOnce(key, movieOf('sealed'))).rejects.toThrow(PayloadUnreadable);
    }
    const { code, stdout } = await callCommand(['status', key, '--json'], {
      ...stage.env,
      RENDERONCE_ENCRYPTION_KEYS: undefined,
    });
    const error = { code: 'PayloadUnreadable', next: expect.stringContaining('RENDERONCE_ENCRYPTION_KEYS') };
    expect([code, JSON.parse(stdout)]).toEqual([2, { error: expect.objectContaining(error) }]);
  });
});

test('the control: without encryption the same search finds the person and the text', async () => {
  const key = freshKey('open');
  await rendersWith(undefined).start(key, movieOf(GREETING));
  expect(foundIn(await told(key), [PERSON, GREETING])).toEqual([PERSON, GREETING]);
});
