import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditOf, runAudit } from '../support/audited-movies.js';
import { openPatientDoor, type PatientDoor } from '../support/patient-door.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { acceptWitness } from '../support/witness.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

const FREEZE = fileURLToPath(new URL('../support/freeze-before-write.mjs', import.meta.url));
const SHORT = { submitTimeoutSeconds: 10, settleSeconds: 30 } as const;

const frozenKey = freshKey('frozen');
let stage: Stage;
let door: PatientDoor;
let frozen: Running;

beforeAll(async () => {
  stage = await openStage({ provider: { timeScale: 20 } });
  // The local provider hangs up on a connection that is silent for a minute.
  door = await openPatientDoor(stage.fake.url);
  frozen = await stage.startWorker({
    JSON2VIDEO_URL: door.url,
    NODE_OPTIONS: `--import=${FREEZE}`,
    FREEZE_POST_OF: frozenKey,
  });
  await stage.renders.start(frozenKey, CARD, SHORT);
  await until('the worker stands before its write', () =>
    frozen.stderr().includes('stopping before the write'),
  );
  await stage.hostWorker();
  await acceptWitness(stage);
});
afterAll(async () => {
  await stage.close();
  await door.close();
});

describe.concurrent('what an audit is for', () => {
  test('a worker frozen between go-ahead and write, beyond the settle window, pays twice, and the audit names both', async () => {
    expect(await stage.fake.requests({ call: 'create', key: frozenKey })).toEqual([]);
    const own = await until(
      'another worker has sent the movie, and it was accepted',
      async () => (await stage.renders.status(frozenKey)).project,
      120_000,
    );
    expect(await stage.fake.movies(frozenKey)).toMatchObject([{ project: own }]);
    frozen.kill('SIGCONT');
    const movies = await until('both movies are done', async () => {
      const both = await stage.fake.movies(frozenKey);
      return both.length === 2 && both.every(({ status }) => status === 'done') && both;
    });

    const late = movies.find(({ project }) => project !== own)?.project;
    const { code, report } = await auditOf(stage);
    expect(code).toBe(1);
    const [first, second] = movies.map(({ credits }) => credits);
    expect(report.duplicates).toEqual([
      {
        key: frozenKey,
        state: expect.stringMatching(/^(rendering|done)$/),
        ownProject: own,
        movies: [
          expect.objectContaining({ project: own, status: 'done', credits: first, isKnown: true }),
          expect.objectContaining({ project: late, status: 'done', credits: second, isKnown: false }),
        ],
        price: { credits: 10, unpriced: 0 },
        surplus: { credits: 5, unpriced: 0 },
        next: expect.stringContaining(`callers have project ${own}; no caller waits for ${late}`),
      },
    ]);
    const text = await runAudit(stage);
    expect(text.code).toBe(1);
    expect(text.stdout).toMatch(
      /DUPLICATES: 1 key with more than one accepted movie, about 5 credits too much/,
    );
    expect(text.stdout).toContain(`${late}  `);
    expect((await stage.renders.result(frozenKey)).project).toBe(own);
  }, 180_000);

  test('a movie that the list shows only after the settle window is an orphan of its held key, until the key has it', async () => {
    const key = freshKey('lagging');
    const lag = await stage.fake.fault({
      match: { call: 'list', key },
      effect: { kind: 'list', omit: true },
    });
    await stage.fake.fault({ match: { call: 'create', key }, effect: { kind: 'reset-after' }, times: 1 });
    await stage.renders.start(key, CARD, { ...SHORT, resubmissions: 0 });
    await until('the key is held', async () => (await stage.renders.status(key)).state === 'held', 120_000);
    const orphans = async (...args: readonly string[]) =>
      (await auditOf(stage, ...args)).report.orphans.filter((orphan) => orphan.key === key);
    expect(await orphans()).toEqual([]);
    await stage.fake.removeFault(lag);

    const [movie] = await stage.fake.movies(key);
    const project = movie?.project;
    expect(await orphans()).toMatchObject([
      {
        state: 'held',
        movies: [{ project, isKnown: false }],
        adoptable: project,
        next: expect.stringContaining(`renderonce resolve ${key} --adopt ${project} `),
      },
    ]);
    expect(await orphans('--adopt', '--by', 'night shift')).toMatchObject([{ key, adopted: true }]);
    expect(await orphans()).toEqual([]);
    expect(await stage.renders.result(key)).toMatchObject({
      project,
      decisions: [{ action: 'adopt', project, by: 'night shift', why: 'found by renderonce audit' }],
    });
  }, 180_000);
});
