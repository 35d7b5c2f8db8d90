import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyEvent } from '../../src/events/verify.js';
import { setBudget, showBudget } from '../../src/starter/budgets.js';
import { BUDGET_ID_PREFIX } from '../../src/workflows/messages.js';
import { auditOf } from '../support/audited-movies.js';
import { type EventReceiver, startEventReceiver } from '../support/event-receiver.js';
import { EVENT_SECRET } from '../support/event-signature.js';
import type { PlantedDist } from '../support/planted-dist.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { plantBuild, Versions } from '../support/versions.js';

expectNoProcessLeft();

/** Changes that any history replays with: texts. */
const NEXT = [
  {
    file: 'workflows/budget.js',
    from: "'Ask the engine after the runs of old reservations'",
    to: "'Ask the engine once more after the runs of old reservations'",
  },
  { file: 'workflows/after-render.js', from: 'Keep a copy of the video', to: 'Keep one copy of the video' },
];
/** A change that no open budget replays with. */
const UNFIT = {
  file: 'workflows/budget.js',
  from: 'open.listen();',
  to: "open.listen(); await proxyActivities({ startToCloseTimeout: '1 minute' }).askRuns({ runs: [] });",
};

const PRICE = 5;

let stage: Stage;
let versions: Versions;
let receiver: EventReceiver;
let next: PlantedDist;
let unfit: PlantedDist;
let v1: Running;
/** Answer of the receiver, and the IDs of the events that it has accepted. */
let status = 204;
const delivered: unknown[] = [];

beforeAll(async () => {
  [stage, next, unfit] = await Promise.all([
    openStage({ engine: 'memory', provider: { renderSeconds: 1 } }),
    plantBuild(NEXT),
    plantBuild([UNFIT]),
  ]);
  receiver = await startEventReceiver((response, { headers }) => {
    if (status === 204) delivered.push(headers['webhook-id']);
    response.writeHead(status).end();
  });
  versions = new Versions(stage, 'renders');
  v1 = await start('v1');
  await versions.setCurrent('v1');
}, 120_000);

afterAll(async () => {
  await versions.close();
  await Promise.all([stage.close(), receiver.stop(), next.remove(), unfit.remove()]);
});

const videos = (): string => join(stage.folder, 'videos');

const start = (buildId: string, planted?: PlantedDist): Promise<Running> =>
  versions.start(buildId, planted, {
    RENDERONCE_KEEP: pathToFileURL(videos()).href,
    RENDERONCE_EVENTS_URL: receiver.url,
    RENDERONCE_EVENTS_SECRET: EVENT_SECRET,
    RENDERONCE_EVENTS_PRIVATE: 'allow',
  });

async function kill(worker: Running): Promise<void> {
  worker.kill('SIGKILL');
  await worker.exit;
}

async function makeBudget(limit: number): Promise<string> {
  const name = freshKey('budget');
  await setBudget(stage.client, stage.taskQueue, name, { limit, per: 'total', by: 'a test', why: 'to see' });
  return name;
}

const viewOf = (budget: string) => showBudget(stage.client, stage.taskQueue, budget);

const posts = (key: string) => stage.fake.requests({ call: 'create', key });

/** The ID of the workflow that follows the end of a render. */
async function followerOf(key: string): Promise<string> {
  const { runId } = await stage.client.workflow.getHandle(key).describe();
  return `renderonce.after:${key}:${runId}`;
}

const eventsOf = (key: string) =>
  receiver.received
    .map(({ body, headers }) => verifyEvent(body, headers, EVENT_SECRET))
    .filter(({ data }) => 'key' in data && data.key === key);

test('a budget, a copy and an event that one version began go on under the next and after a rollback: nothing is reserved, kept or reported twice', async () => {
  const budget = await makeBudget(3 * PRICE + 1);
  const [first, second, third] = [freshKey('first'), freshKey('second'), freshKey('third')];
  const denied = freshKey('denied');
  const noFile = await stage.fake.fault({
    match: { call: 'file' },
    effect: { kind: 'status', code: 503, body: 'busy', accept: false },
  });
  await stage.renders.submitOnce(first, CARD, { budget });
  const follower = await followerOf(first);
  const budgetId = `${BUDGET_ID_PREFIX}${budget}`;
  await until('an attempt to keep the video has failed', async () => {
    const handle = stage.client.workflow.getHandle(follower);
    const run = await handle.describe().catch(() => undefined);
    return run?.raw.pendingActivities?.some(({ lastFailure }) => Boolean(lastFailure));
  });
  expect([await versions.buildIdOf(budgetId), await versions.buildIdOf(follower)]).toEqual(['v1', 'v1']);

  // The copy that v1 began is made under v2, which begins the event.
  const v2 = await start('v2', next);
  await versions.setCurrent('v2');
  await kill(v1);
  status = 503;
  await stage.fake.removeFault(noFile);
  await stage.renders.submitOnce(second, CARD, { budget });
  await until('the event was refused', () => eventsOf(first).length > 0, 60_000);
  expect([await versions.buildIdOf(budgetId), await versions.buildIdOf(follower)]).toEqual(['v2', 'v2']);

  // The event that v2 began arrives after the rollback.
  v1 = await start('v1');
  await versions.setCurrent('v1');
  await kill(v2);
  status = 204;
  await stage.renders.submitOnce(third, CARD, { budget });
  await expect(stage.renders.submitOnce(denied, CARD, { budget })).rejects.toMatchObject({
    code: 'BudgetExceeded',
  });
  for (const key of [first, second, third]) {
    await stage.renders.result(key);
    await stage.client.workflow.getHandle(await followerOf(key)).result();
    expect(await posts(key)).toHaveLength(1);
    expect(new Set(eventsOf(key).map((event) => JSON.stringify(event))).size).toBe(1);
    expect(await stage.renders.kept(key)).toMatchObject({
      project: (await stage.fake.movies(key))[0]?.project,
    });
  }
  expect([await versions.buildIdOf(budgetId), await versions.buildIdOf(follower)]).toEqual(['v1', 'v1']);
  expect(await posts(denied)).toEqual([]);
  expect(await viewOf(budget)).toMatchObject({
    posted: 3 * PRICE,
    reserved: 0,
    inDoubt: 0,
    overrun: 0,
    left: 1,
  });
  const files = await readdir(videos(), { recursive: true });
  expect(files.filter((file) => file.endsWith('.mp4'))).toHaveLength(3);
  expect((await auditOf(stage, '--settle')).report.budgets ?? []).toEqual([]);
  expect(delivered).toEqual([...new Set(delivered)]);
}, 240_000);

test('a version that cannot replay a budget reserves and sends nothing from it; the rollback reserves and sends once', async () => {
  const budget = await makeBudget(100);
  const [before, meanwhile] = [freshKey('before'), freshKey('meanwhile')];
  await stage.renders.render(before, CARD, { budget });
  await until('it is posted', async () => (await viewOf(budget))?.posted === PRICE);
  const broken = await start('broken', unfit);
  await versions.setCurrent('broken');
  await expect(
    stage.renders.submitOnce(meanwhile, CARD, { budget, deadlineMs: 8_000 }),
  ).rejects.toMatchObject({ code: 'SubmissionPending' });
  expect(await posts(meanwhile)).toEqual([]);

  await versions.setCurrent('v1');
  expect(await broken.stop()).toBe(0);
  expect(await stage.renders.result(meanwhile)).toMatchObject({ status: 'done' });
  expect(await posts(meanwhile)).toHaveLength(1);
  await until('it is posted', async () => (await viewOf(budget))?.posted === 2 * PRICE);
  expect(await viewOf(budget)).toMatchObject({ reserved: 0, inDoubt: 0, overrun: 0, left: 90 });
}, 180_000);
