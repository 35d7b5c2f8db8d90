import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fingerprintOf } from '../../src/movie/fingerprint.js';
import type { JsonObject } from '../../src/text/json.js';
import { withMark } from '../../src/movie/movie.js';
import { auditOf, postMovies, runAudit } from '../support/audited-movies.js';
import { callCommand } from '../support/call-command.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

const OTHERS = 2_000;
const LOST = 400;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ provider: { timeScale: 100 } });
  await stage.hostWorker();
});
afterAll(() => stage.close());

const marked = (key: string, namespace: string = stage.engine.namespace) =>
  withMark(CARD, { key, fingerprint: 'f'.repeat(64), namespace });

test('renders that were paid for once are a clean audit; one movie that is not ours is a finding, unless allowed', async () => {
  const keys = Array.from({ length: 5 }, () => freshKey('sound'));
  await Promise.all(keys.map((key) => stage.renders.render(key, CARD)));
  const clean = await runAudit(stage);
  expect(clean).toMatchObject({ code: 0, stderr: '' });
  expect(clean.stdout).toMatch(/^5 movies from .*; namespace test-\d+\nnothing is wrong\n/);

  const [foreign] = await postMovies(stage, [CARD]);
  const found = await runAudit(stage);
  expect(found.code).toBe(1);
  expect(found.stdout).toMatch(
    new RegExp(`WITHOUT OUR MARK: 1 movie .*${foreign} .*pass --allow-unmarked`, 's'),
  );
  expect(await auditOf(stage, '--allow-unmarked')).toMatchObject({
    code: 0,
    report: { duplicates: [], orphans: [], unmarked: { count: 1 }, sound: { count: 5 } },
  });
}, 120_000);

test('a movie that the engine has lost is taken over by a submission that looks first, and not paid for again', async () => {
  const file = fileURLToPath(new URL('../../examples/movies/hello-card.json', import.meta.url));
  const movie: JsonObject = JSON.parse(await readFile(file, 'utf8'));
  const key = freshKey('restored');
  const mark = { key, fingerprint: fingerprintOf(movie), namespace: stage.engine.namespace };
  const [project] = await postMovies(stage, [withMark(movie, mark)]);
  const lost = async () => (await auditOf(stage)).report.orphans.filter((orphan) => orphan.key === key);
  expect(await lost()).toMatchObject([
    { movies: [{ project }], next: expect.stringContaining(`submit ${key} MOVIE.json --look-from TIME`) },
  ]);

  const ran = await callCommand(['submit', key, file, '--look-from', '2026-01-01', '--json'], stage.env);
  expect(JSON.parse(ran.stdout)).toMatchObject({ key, project });
  expect(await stage.fake.movies(key)).toHaveLength(1);
  expect(await lost()).toEqual([]);
}, 120_000);

test('among thousands of movies it finds the one key that was paid for twice, and every orphan', async () => {
  const key = freshKey('twice');
  const { project } = await stage.renders.submitOnce(key, CARD);
  const [surplus] = await postMovies(stage, [marked(key)]);
  await postMovies(
    stage,
    Array.from({ length: LOST }, (_, index) => marked(`lost-${index}`)),
  );
  await postMovies(
    stage,
    Array.from({ length: OTHERS }, (_, index) => marked(`key-${index}`, 'staging')),
  );

  const { code, report } = await auditOf(stage);
  expect(code).toBe(1);
  expect(report.duplicates).toMatchObject([
    {
      key,
      movies: [
        { project, isKnown: true },
        { project: surplus, isKnown: false },
      ],
    },
  ]);
  expect(report.orphans).toHaveLength(LOST);
  expect(report.elsewhere).toMatchObject([{ namespace: 'staging', count: OTHERS }]);
  expect(report.movies).toBe((await stage.fake.movies()).length);
}, 120_000);

test.each([
  ['a list that breaks off', {}, 'ProviderUnavailable'],
  ['a provider out of reach', { JSON2VIDEO_URL: 'http://127.0.0.1:1' }, 'ProviderUnavailable'],
  ['an API key that the provider refuses', { JSON2VIDEO_API_KEY: 'wrong' }, 'ProviderUnavailable'],
  ['a namespace that the engine lacks', { TEMPORAL_NAMESPACE: 'absent' }, 'EngineNotSetUp'],
  ['an engine out of reach', { TEMPORAL_ADDRESS: '127.0.0.1:1' }, 'EngineUnavailable'],
])('%s is exit code 3 and no report', async (what, env, code) => {
  if (what === 'a list that breaks off') {
    await stage.fake.fault({
      match: { call: 'list', nth: 3 },
      effect: { kind: 'truncate', bytes: 100 },
    });
  }
  const ran = await runAudit({ ...stage, env: { ...stage.env, ...env } }, '--json');
  expect(ran.code).toBe(3);
  expect(JSON.parse(ran.stdout)).toEqual({ error: expect.objectContaining({ code }) });
});

test.each([
  [['--since', 'yesterday'], /must be a time, ISO 8601/],
  [[], /required option '--since <time>'/],
])('audit %j is bad usage', async (args, message) => {
  const ran = await callCommand(['audit', ...args], stage.env);
  expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
});
