import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FaultRuleInput } from 'json2video-local';
import type { DecisionChoice } from '../../src/index.js';
import { renderWebhook } from '../../src/workflows/messages.js';
import { Doubt, DOUBT_TERMS, HELD_WITHIN_MS, SIGNED } from '../support/doubt.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

let stage: Stage;
let doubt: Doubt;

beforeAll(async () => {
  stage = await openStage({ provider: { timeScale: 20 } });
  doubt = new Doubt(stage);
  await stage.hostWorker();
}, HELD_WITHIN_MS);

afterEach(() => stage.fake.clearFaults());
afterAll(() => stage.close());

function park(match: FaultRuleInput['match']): Promise<string> {
  return stage.fake.fault({ match, effect: { kind: 'park', at: 'before' } });
}

/** Starts a render whose POST is lost, and stops while it is looked for; answers what holds the list. */
async function lookFor(key: string, kind: 'reset-after' | 'reset-before'): Promise<string> {
  const lists = await park({ call: 'list' });
  await stage.fake.fault({ match: { call: 'create', key }, effect: { kind }, times: 1 });
  await stage.renders.start(key, CARD, DOUBT_TERMS);
  await doubt.isAsking('findMovie', key);
  return lists;
}

/** What a person is told who decides by force. */
function decide(key: string, decision: DecisionChoice): Promise<unknown> {
  return stage.renders.resolve(key, decision, { ...SIGNED, force: true }).catch((error: unknown) => error);
}

/** A person has the movie sent again by force, and both lists are being read. */
async function resubmitDuringLook(key: string): Promise<{ told: Promise<unknown> }> {
  const told = decide(key, 'resubmit');
  await until('both lists are being read', async () => {
    const { raw } = await stage.client.workflow.getHandle(key).describe();
    return (raw.pendingActivities ?? []).filter(({ lastStartedTime }) => lastStartedTime).length === 2;
  });
  return { told };
}

/** A person adopts the project of another key, and it is being read. */
async function adoptForeign(key: string): Promise<{ reads: string; decided: Promise<unknown> }> {
  const { project } = await stage.renders.submitOnce(freshKey('other'), CARD);
  const reads = await park({ call: 'status', project });
  const decided = decide(key, { adopt: project });
  await doubt.isAsking('claimMovie', key);
  return { reads, decided };
}

test('a hint that is confirmed while a person has the movie sent again settles it: nothing is sent', async () => {
  const key = freshKey('hint-first');
  await doubt.lose(key, true);
  await doubt.isIn(key, 'unknown');
  const [project = ''] = await doubt.paid(key);
  const reads = await park({ call: 'status', project });
  await stage.client.workflow.getHandle(key).signal(renderWebhook, { project });
  await doubt.isAsking('claimMovie', key);
  const decided = decide(key, 'resubmit');
  await until('the look before it is sent again is over', async () => {
    const { events } = await stage.renders.story(key);
    const decision = events.findIndex(({ text }) => text.startsWith('anna decides'));
    return decision >= 0 && events.slice(decision).some(({ text }) => text.startsWith('look'));
  });
  await stage.fake.release(reads);

  expect(await decided).toMatchObject({
    code: 'DecisionRefused',
    message: `settled meanwhile: the movie is project ${project}`,
  });
  expect(await stage.renders.result(key)).toMatchObject({ project });
  expect(await doubt.paid(key)).toEqual([project]);
}, 60_000);

test('a look that finds the movie while a person’s project is being read settles it: the decision is refused', async () => {
  const key = freshKey('look-first');
  const lists = await lookFor(key, 'reset-after');
  const { reads, decided } = await adoptForeign(key);
  await stage.fake.release(lists);

  const [project = ''] = await doubt.paid(key);
  expect(await decided).toMatchObject({
    code: 'DecisionRefused',
    message: `settled meanwhile: the movie is project ${project}`,
  });
  await stage.fake.release(reads);
  expect(await stage.renders.result(key)).toMatchObject({ project });
}, 60_000);

test('a person who adopts while a look is under way decides: the look changes nothing', async () => {
  const key = freshKey('person-first');
  const lists = await lookFor(key, 'reset-after');
  const [project = ''] = await doubt.paid(key);
  const answer = await stage.renders.resolve(key, { adopt: project }, SIGNED);
  await stage.fake.release(lists);

  expect(answer).toMatchObject({ project });
  expect(await stage.renders.result(key)).toMatchObject({ project, decisions: [{ action: 'adopt' }] });
  expect(await doubt.paid(key)).toEqual([project]);
}, 60_000);

test('a hint that is confirmed while a person’s project is being read settles it: the decision is refused', async () => {
  const key = freshKey('hint-before-adopt');
  await doubt.lose(key, true);
  await doubt.isIn(key, 'unknown');
  const [project = ''] = await doubt.paid(key);
  const { reads, decided } = await adoptForeign(key);
  await stage.client.workflow.getHandle(key).signal(renderWebhook, { project });

  expect(await decided).toMatchObject({
    code: 'DecisionRefused',
    message: `settled meanwhile: the movie is project ${project}`,
  });
  await stage.fake.release(reads);
  expect(await stage.renders.result(key)).toMatchObject({ project });
}, 60_000);

test('a movie that a look and a person’s last look find at once is adopted: nothing is sent again', async () => {
  const key = freshKey('look-before-resubmit');
  const lists = await lookFor(key, 'reset-after');
  const decided = await resubmitDuringLook(key);
  await stage.fake.release(lists);

  const [project = ''] = await doubt.paid(key);
  const told = await decided.told;
  expect(JSON.stringify(told)).not.toContain('is sent again');
  expect(await stage.renders.result(key)).toMatchObject({ project });
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
}, 60_000);

test('a cancel during a person’s last look: the person is told that nothing is sent', async () => {
  const key = freshKey('cancel-during-resubmit');
  const lists = await lookFor(key, 'reset-before');
  const decided = await resubmitDuringLook(key);
  await stage.renders.cancel(key);
  await until('the cancel is in the history', async () => {
    const { events } = await stage.renders.story(key);
    return events.some(({ text }) => text === 'a cancel is requested');
  });
  await stage.fake.release(lists);

  expect(await decided.told).toMatchObject({
    code: 'DecisionRefused',
    message: expect.stringContaining('nothing is sent any more'),
  });
  expect(await stage.renders.result(key).catch((error: unknown) => error)).toMatchObject({
    code: 'RenderCancelled',
  });
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
}, 60_000);

test.each(['a hint', 'a look'] as const)(
  '%s that has settled the doubt leaves nothing to give up: abandon is refused, and the render goes on',
  async (what) => {
    const key = freshKey('settled-first');
    await doubt.lose(key, true);
    await doubt.isIn(key, 'unknown');
    const [project = ''] = await doubt.paid(key);
    if (what === 'a hint') await stage.client.workflow.getHandle(key).signal(renderWebhook, { project });
    else await stage.fake.clearFaults();
    await until(`${what} has settled it`, async () => (await stage.renders.status(key)).project);

    const refused = await stage.renders.resolve(key, 'abandon', SIGNED).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'DecisionRefused',
      message: expect.stringMatching(/^the render is (rendering|done): nothing is in doubt$/),
    });
    expect(await stage.renders.result(key)).toMatchObject({ project });
  },
  60_000,
);

test('a person who abandons while a look is under way decides: nothing is sent, whatever the look sees', async () => {
  const key = freshKey('abandon-first');
  const lists = await lookFor(key, 'reset-before');
  const answer = await stage.renders.resolve(key, 'abandon', SIGNED);
  await stage.fake.release(lists);

  expect(answer).toMatchObject({ decision: { action: 'abandon', ...SIGNED } });
  expect(await stage.renders.status(key)).toMatchObject({ state: 'abandoned' });
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
}, 60_000);
