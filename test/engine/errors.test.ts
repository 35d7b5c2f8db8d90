import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { callCommand } from '../support/call-command.js';
import { type Env, expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

/** Nothing listens there: the port is reserved and closed on every machine. */
const NOWHERE = '127.0.0.1:1';

let stage: Stage;
let folder: string;
let movie: string;
beforeAll(async () => {
  stage = await openStage({ provider: { timeScale: 20 } });
  folder = await mkdtemp(join(tmpdir(), 'renderonce-movies-'));
  movie = join(folder, 'movie.json');
  await writeFile(movie, JSON.stringify(CARD));
});
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a command with and without `--json` and expects the same error in both, with what to do next. */
async function expectError(
  args: string[],
  env: Env,
  exit: number,
  error: { code: string; message: RegExp; next: RegExp },
) {
  const json = await callCommand([...args, '--json'], env);
  expect(json.code).toBe(exit);
  expect(JSON.parse(json.stdout)).toMatchObject({
    error: {
      code: error.code,
      message: expect.stringMatching(error.message),
      next: expect.stringMatching(error.next),
    },
  });
  const text = await callCommand(args, env);
  expect(text).toMatchObject({ code: exit, stdout: '' });
  expect(text.stderr).toMatch(new RegExp(`^error ${error.code}: .*\n  .*\n$`));
  expect(text.stderr).toMatch(error.message);
}

/** Starts a render that cannot be sent; what it waits for, once that is known. */
async function waitsFor(key: string): Promise<string | undefined> {
  await stage.renders.start(key, CARD);
  return until(`${key} waits`, async () => {
    const { state, message } = await stage.renders.status(key);
    return state === 'waiting' && message;
  });
}

describe('each mistake has its own message, code, next step and exit code', () => {
  test('a worker without an API key names the variable', async () => {
    await expectError(['worker'], { ...stage.env, JSON2VIDEO_API_KEY: undefined }, 2, {
      code: 'ConfigInvalid',
      message: /JSON2VIDEO_API_KEY is not set/,
      next: /Set JSON2VIDEO_API_KEY/,
    });
  });

  test('an unusable variable is named with its rule', async () => {
    await expectError(['worker'], { ...stage.env, JSON2VIDEO_URL: 'localhost' }, 2, {
      code: 'ConfigInvalid',
      message: /JSON2VIDEO_URL must be an http or https URL/,
      next: /Correct JSON2VIDEO_URL/,
    });
  });

  test('an engine that is down is said with its address', async () => {
    await expectError(['status', 'some-key'], { TEMPORAL_ADDRESS: NOWHERE }, 3, {
      code: 'EngineUnavailable',
      message: /127\.0\.0\.1:1/,
      next: /renderonce dev/,
    });
    await expectError(['worker'], { ...stage.env, TEMPORAL_ADDRESS: NOWHERE }, 3, {
      code: 'EngineUnavailable',
      message: /127\.0\.0\.1:1/,
      next: /TEMPORAL_ADDRESS/,
    });
  }, 120_000);

  test('a namespace that is missing asks for setup, at the worker and at the caller', async () => {
    const env = { ...stage.env, TEMPORAL_NAMESPACE: 'absent' };
    const expected = { code: 'EngineNotSetUp', message: /namespace/, next: /renderonce setup/ };
    await expectError(['worker'], env, 3, expected);
    await expectError(['submit', freshKey('x'), movie, '--deadline-ms', '5000'], env, 3, expected);
  });

  test('a movie file that is missing or not JSON is named', async () => {
    const broken = join(folder, 'broken.json');
    await writeFile(broken, '{ "scenes": [');
    const missing = { code: 'FileInvalid', message: /there is no file .*absent\.json/, next: /JSON/ };
    await expectError(['submit', 'k', join(folder, 'absent.json')], stage.env, 2, missing);
    await expectError(['submit', 'k', broken], stage.env, 2, {
      code: 'FileInvalid',
      message: /broken\.json is not JSON/,
      next: /JSON/,
    });
  });

  test('a movie that is no object, and a reserved name, are refused before anything is started', async () => {
    const list = join(folder, 'list.json');
    await writeFile(list, '[]');
    const key = freshKey('list');
    await expectError(['submit', key, list], stage.env, 2, {
      code: 'MovieInvalid',
      message: /not a JSON object/,
      next: /same key/,
    });
    const reserved = { ...CARD, 'client-data': { renderonce: {} } };
    await expect(stage.renders.submitOnce(key, reserved)).rejects.toMatchObject({
      code: 'MovieInvalid',
      key,
    });
    await expect(stage.renders.status(key)).rejects.toMatchObject({ code: 'KeyNotFound', key });
  });

  test('an unfit key is refused before anything is started', async () => {
    await expectError(['submit', ' key', movie], stage.env, 2, {
      code: 'KeyInvalid',
      message: /begins or ends with a space/,
      next: /renderKey/,
    });
  });

  test('an option that cannot be used is named with its value', async () => {
    await expectError(['submit', freshKey('o'), movie, '--look-from', 'never'], stage.env, 2, {
      code: 'OptionsInvalid',
      message: /lookFrom is "never", and must be an ISO 8601 time/,
      next: /option/,
    });
  });

  test('an unknown key is said for status and result', async () => {
    const expected = { code: 'KeyNotFound', message: /no render under key nobody-asked/, next: /spelling/ };
    await expectError(['status', 'nobody-asked'], stage.env, 2, expected);
    await expectError(['result', 'nobody-asked'], stage.env, 2, expected);
  });

  test('no worker: the call says so, loses nothing, and is done when a worker comes', async () => {
    const key = freshKey('no-worker');
    await expectError(['submit', key, movie, '--deadline-ms', '1500'], stage.env, 3, {
      code: 'NoWorker',
      message: /no worker polls task queue/,
      next: /renderonce worker/,
    });
    expect(await stage.renders.status(key)).toMatchObject({ key, state: 'submitting', attempts: 0 });

    const stopWorker = await stage.hostWorker();
    const ran = await callCommand(['submit', key, movie, '--wait', '--json'], stage.env);
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ status: 'done', key, replayed: true });
    expect(await stage.fake.movies(key)).toHaveLength(1);
    await stopWorker();
  });

  test('a provider that is down keeps the render waiting, and the status says for what', async () => {
    onTestFinished(await stage.hostWorker({ JSON2VIDEO_URL: `http://${NOWHERE}` }));
    const key = freshKey('fake-down');
    expect(await waitsFor(key)).toMatch(/a connection to JSON2Video.*ECONNREFUSED/);
    await expectError(['submit', key, movie, '--deadline-ms', '2000'], stage.env, 1, {
      code: 'SubmissionPending',
      message: /waiting/,
      next: /same key/,
    });
  });

  test('a wrong API key keeps the render waiting for a valid one, and the movie is not at fault', async () => {
    onTestFinished(await stage.hostWorker({ JSON2VIDEO_API_KEY: 'wrong' }));
    const key = freshKey('bad-key');
    expect(await waitsFor(key)).toMatch(/a valid API key.*Invalid API Key/);
    await expect(stage.renders.submitOnce(key, CARD, { deadlineMs: 2_000 })).rejects.toMatchObject({
      code: 'SubmissionPending',
      key,
      message: expect.stringContaining('waiting'),
    });
  });

  test('an unknown command or option is bad usage', async () => {
    expect(await callCommand(['nonsense'], {})).toMatchObject({ code: 2 });
    expect(await callCommand(['status', 'k', '--nonsense'], {})).toMatchObject({ code: 2 });
  });

  test('help is no error and names every command', async () => {
    const help = await callCommand(['--help'], {});
    expect(help.code).toBe(0);
    for (const name of ['demo', 'dev', 'worker', 'fake', 'submit', 'status', 'result', 'setup']) {
      expect(help.stdout).toContain(`  ${name} `);
    }
  });
});
