import { expect, test } from 'vitest';
import { audit, createJson2Video } from '../../src/audit/index.js';
import { withMark } from '../../src/movie/movie.js';
import { budgetLedgerOf } from '../../src/starter/budget-ledger.js';
import { auditOf, postMovies } from '../support/audited-movies.js';
import { BudgetStage, expectSettled } from '../support/budget-stage.js';
import { startLocalProvider } from '../support/local-provider.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

/** Longer than the start of a command on a busy machine. */
const RENDER_SECONDS = 10;
const budgets = BudgetStage.forFile({ provider: { renderSeconds: RENDER_SECONDS } });

const HOUR_MS = 3_600_000;
const PRICE = 5;

const settled = async () => (await auditOf(budgets.stage, '--settle')).report.budgets ?? [];

/** Settles with a list, at a time at which nothing can turn up in it any more. */
async function settleLater({ url, apiKey } = budgets.fake) {
  const now = () => Date.now() + 2 * HOUR_MS;
  const json2video = createJson2Video({ url, apiKey, now: Date.now });
  try {
    const report = await audit({
      json2video,
      renders: budgets.renders,
      namespace: budgets.stage.engine.namespace,
      since: new Date(Date.now() - HOUR_MS),
      until: new Date(now()),
      retentionDays: 30,
      now,
      budgets: budgetLedgerOf(budgets.client),
    });
    return report.budgets ?? [];
  } finally {
    await json2video.close();
  }
}

async function untilDone(key: string): Promise<void> {
  await budgets.fake.advance(RENDER_SECONDS);
  await until('the video is there', async () => (await budgets.fake.movies(key))[0]?.status === 'done');
}

/** Submits a movie and cancels its render: the credits are in doubt, and the provider renders on. */
async function cancelled(budget: string): Promise<string> {
  const key = freshKey('cancelled');
  await budgets.renders.submitOnce(key, CARD, { budget });
  await budgets.renders.cancel(key);
  await expectSettled(budgets, budget, { reserved: 0, inDoubt: PRICE });
  return key;
}

/** Abandons a render whose POST is of unknown end: the credits are in doubt, and no run knows a project. */
async function abandoned(budget: string, isAccepted: boolean): Promise<string> {
  const key = freshKey('abandoned');
  const lost = isAccepted ? ({ kind: 'reset-after' } as const) : ({ kind: 'reset-before' } as const);
  await budgets.fake.fault({ match: { call: 'create', key }, effect: lost, times: 1 });
  await budgets.renders.start(key, CARD, { budget });
  await budgets.untilState(key, 'unknown');
  await budgets.renders.resolve(key, 'abandon', { by: 'a test', why: 'to see' });
  await expectSettled(budgets, budget, { reserved: 0, inDoubt: PRICE });
  return key;
}

test('an audit posts the movie of a cancelled render from the list, once', async () => {
  const budget = await budgets.make(100);
  const key = await cancelled(budget);
  await untilDone(key);
  expect(await settled()).toMatchObject([{ budget, key, credits: PRICE, did: 'posted', posted: PRICE }]);
  await expectSettled(budgets, budget, { posted: PRICE, reserved: 0, inDoubt: 0, overrun: 0, left: 95 });
  expect(await settled()).toEqual([]);
  expect(await budgets.view(budget)).toMatchObject({ posted: PRICE, inDoubt: 0 });
});

test('an audit waits for a movie that has not ended', async () => {
  const budget = await budgets.make(100);
  const key = await cancelled(budget);
  expect(await settled()).toMatchObject([
    { budget, key, did: 'nothing', why: expect.stringMatching(/has not ended/) },
  ]);
  expect(await budgets.view(budget)).toMatchObject({ posted: 0, inDoubt: PRICE });
  await untilDone(key);
  expect(await settled()).toMatchObject([{ key, did: 'posted' }]);
});

test('a movie whose render was abandoned is posted once, however often the audit runs', async () => {
  const budget = await budgets.make(100);
  const key = await abandoned(budget, true);
  await untilDone(key);
  expect(await settled()).toMatchObject([{ budget, key, did: 'posted', posted: PRICE }]);
  expect(await settled()).toEqual([]);
  expect(await settleLater()).toEqual([]);
  await expectSettled(budgets, budget, { posted: PRICE, inDoubt: 0, overrun: 0 });
});

test('a second movie of a key, which no reservation covers, is found and posted once', async () => {
  const budget = await budgets.make(100);
  const key = freshKey('twice');
  await budgets.renders.render(key, CARD, { budget });
  const { namespace } = budgets.stage.engine;
  const mark = { key, fingerprint: 'f'.repeat(64), namespace };
  const [project] = await postMovies(budgets.stage, [withMark(CARD, mark)]);
  await until('both are done', async () =>
    (await budgets.fake.movies(key)).every(({ status }) => status === 'done'),
  );
  const found = { budget, key, project, credits: 0, did: 'posted', posted: PRICE };
  expect(await settled()).toMatchObject([found]);
  await expectSettled(budgets, budget, { posted: 2 * PRICE, overrun: PRICE });
  expect(await settled()).toEqual([]);
  expect(await budgets.view(budget)).toMatchObject({ posted: 2 * PRICE, overrun: PRICE });
});

test('the list of another account settles nothing, also if it has movies under our keys; our own does', async () => {
  const budget = await budgets.make(100);
  const key = await abandoned(budget, false);
  const witness = freshKey('witness');
  await budgets.renders.render(witness, CARD);
  const foreign = await startLocalProvider({ apiKey: 'a-key-of-others', renderSeconds: 0 });
  const { namespace } = budgets.stage.engine;
  await postMovies({ ...budgets.stage, fake: foreign }, [
    CARD,
    withMark(CARD, { key: witness, fingerprint: 'f'.repeat(64), namespace }),
  ]);
  const nothing = { budget, key, did: 'nothing', why: expect.stringMatching(/an absence proves nothing/) };
  const repairs = await settleLater(foreign);
  await foreign.stop();
  expect(repairs).toMatchObject([nothing]);
  expect(await budgets.view(budget)).toMatchObject({ posted: 0, inDoubt: PRICE });
  expect(await settled()).toMatchObject([
    { key, did: 'nothing', why: expect.stringMatching(/may still turn up/) },
  ]);
  expect(await settleLater()).toMatchObject([{ budget, key, did: 'voided', posted: 0 }]);
  await expectSettled(budgets, budget, { posted: 0, inDoubt: 0, left: 100 });
});

test('a review posts what a budget holds in doubt once the video is there, and the audit finds nothing more', async () => {
  const budget = await budgets.make(100);
  const key = await cancelled(budget);
  expect(await budgets.renders.review(key)).toMatchObject({ state: 'cancelled' });
  expect(await budgets.view(budget)).toMatchObject({ posted: 0, inDoubt: PRICE });
  await untilDone(key);
  expect(await budgets.renders.review(key)).toMatchObject({ state: 'cancelled', providerStatus: 'done' });
  await expectSettled(budgets, budget, { posted: PRICE, inDoubt: 0, overrun: 0 });
  await budgets.renders.review(key);
  expect((await settled()).filter((repair) => repair.budget === budget)).toEqual([]);
  expect(await budgets.view(budget)).toMatchObject({ posted: PRICE, inDoubt: 0 });
});

test('a review posts only the assets of a render that has failed meanwhile, and frees the rest', async () => {
  const budget = await budgets.make(100);
  const key = freshKey('failed');
  await budgets.renders.submitOnce(key, CARD, { budget });
  await budgets.renders.cancel(key);
  await expectSettled(budgets, budget, { inDoubt: PRICE });
  const { project = '' } = (await budgets.fake.movies(key))[0] ?? {};
  const broken = { kind: 'state' as const, script: ['error'] };
  await budgets.fake.fault({ match: { call: 'status', project }, effect: broken });
  await budgets.renders.review(key);
  await expectSettled(budgets, budget, { posted: 0, inDoubt: 0, left: 100 });
});
