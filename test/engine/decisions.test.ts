import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderWebhook } from '../../src/workflows/messages.js';
import { expectNoProcessLeft, runCommand } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

const PATIENCE_MS = 120_000;
const TERMS = { submitTimeoutSeconds: 5, settleSeconds: 30, resubmissions: 0, pollSeconds: 5 } as const;
const SIGNED = { by: 'anna', why: 'seen in the dashboard' } as const;

/** Renders whose POST was lost on the way; `accepted`: the provider has the movie, and its list does not tell. */
const HELD = {
  adopt: { key: freshKey('adopt'), accepted: true },
  resubmit: { key: freshKey('resubmit'), accepted: false },
  abandon: { key: freshKey('abandon'), accepted: false },
  force: { key: freshKey('force'), accepted: false },
  hint: { key: freshKey('hint'), accepted: true },
} as const;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ fakeArgs: ['--time-scale', '20'] });
  await stage.startWorker();
  await Promise.all(Object.values(HELD).map(({ key, accepted }) => lose(key, accepted)));
  await Promise.all(Object.values(HELD).map(({ key }) => isIn(key, 'held')));
}, PATIENCE_MS);

afterAll(() => stage.close());

/** Starts a render whose first POST is lost. */
async function lose(key: string, accepted: boolean): Promise<void> {
  const kind = accepted ? 'reset-after' : 'reset-before';
  await stage.fake.fault({ match: { call: 'create', key }, effect: { kind }, times: 1 });
  if (accepted)
    await stage.fake.fault({ match: { call: 'list', key }, effect: { kind: 'list', omit: true } });
  await stage.renders.start(key, CARD, TERMS);
}

function isIn(key: string, state: string): Promise<unknown> {
  return until(
    `${key} is ${state}`,
    async () => (await stage.renders.status(key)).state === state,
    PATIENCE_MS,
  );
}

async function paid(key: string): Promise<string[]> {
  return (await stage.fake.movies(key)).map(({ project }) => project);
}

async function resolve(...args: string[]): Promise<Record<string, unknown>> {
  const ran = await runCommand(
    ['resolve', ...args, '--by', SIGNED.by, '--why', SIGNED.why, '--json'],
    stage.env,
  );
  const document: unknown = JSON.parse(ran.stdout);
  return { code: ran.code, ...(document as object) };
}

test('status tells an operator what happened to a held key, what is awaited and how to decide', async () => {
  const { key } = HELD.abandon;
  const { stdout, code } = await runCommand(['status', key], stage.env);

  expect(code).toBe(0);
  expect(stdout).toContain(`${key}: held`);
  expect(stdout).toContain('nothing is sent until a person decides');
  expect(stdout).toMatch(/submission 1: unknown: .*the connection broke/);
  expect(stdout).toMatch(/look 3 in the provider's list: not among \d+ movies/);
  expect(stdout).toMatch(/a look in the provider's list \(last: .*\); next at \d{4}-/);
  expect(stdout).toContain(`renderonce resolve ${key} --adopt PROJECT | --resubmit | --abandon`);
  const listed = await runCommand(['list', '--state', 'held', '--json'], stage.env);
  expect(listed.stdout).toContain(key);
});

test('a project that carries our mark is adopted, twice in a row, and paid once', async () => {
  const { key } = HELD.adopt;
  const [project = ''] = await paid(key);
  const first = await resolve(key, '--adopt', project);
  const second = await resolve(key, '--adopt', project);

  expect(first).toMatchObject({ code: 0, key, project, decision: { action: 'adopt', project, ...SIGNED } });
  expect(second).toMatchObject({ code: 0, key, project, decision: first['decision'] });
  const outcome = await stage.renders.result(key);
  expect(outcome).toMatchObject({ status: 'done', project, decisions: [first['decision']] });
  expect(await resolve(key, '--adopt', project)).toMatchObject({ code: 0, decision: first['decision'] });
  expect(await paid(key)).toEqual([project]);
  const { events } = await stage.renders.story(key);
  expect(events.map(({ text }) => text)).toContainEqual(
    `anna decides: adopt project ${project}, because: ${SIGNED.why}`,
  );
}, 60_000);

test('a movie that a person has sent again is sent once, decided twice in a row', async () => {
  const { key } = HELD.resubmit;
  const first = await resolve(key, '--resubmit');
  const second = await resolve(key, '--resubmit');

  expect(first).toMatchObject({ code: 0, message: expect.stringContaining('is sent again now') });
  expect(second['decision']).toEqual(first['decision']);
  const { project } = await stage.renders.result(key);
  expect(await paid(key)).toEqual([project]);
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(2);
}, 60_000);

test('an abandoned key is not sent again, decided twice in a row, and says who gave it up', async () => {
  const { key } = HELD.abandon;
  const first = await stage.renders.resolve(key, 'abandon', SIGNED);
  const second = await stage.renders.resolve(key, 'abandon', { by: 'bert', why: 'too' });

  expect(second.decision).toEqual(first.decision);
  expect(await resolve(key, '--resubmit')).toMatchObject({
    code: 2,
    error: { code: 'DecisionRefused', message: 'the render is abandoned: nothing is in doubt' },
  });
  const error = await stage.renders.submitOnce(key, CARD, TERMS).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'RenderAbandoned',
    message: expect.stringContaining('decided by anna'),
  });
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
}, 60_000);

test('a project of another key is refused, and adopted by force only', async () => {
  const { key } = HELD.force;
  const other = await stage.renders.submitOnce(freshKey('other'), CARD);

  expect(await resolve(key, '--adopt', other.project)).toMatchObject({
    code: 2,
    error: { code: 'DecisionRefused', message: expect.stringContaining('it carries key other-') },
  });
  expect(await stage.renders.status(key)).toMatchObject({ state: 'held' });
  expect(await resolve(key, '--adopt', other.project, '--force')).toMatchObject({
    code: 0,
    project: other.project,
  });
  expect(await stage.renders.result(key)).toMatchObject({ project: other.project });
  expect(await paid(key)).toEqual([]);
}, 60_000);

test('a hint that is confirmed while a person has the movie sent again settles it: nothing is sent', async () => {
  const { key } = HELD.hint;
  const [project = ''] = await paid(key);
  const park = await stage.fake.fault({
    match: { call: 'status', project },
    effect: { kind: 'park', at: 'before' },
  });
  await stage.client.workflow.getHandle(key).signal(renderWebhook, { project });
  await until('the hint is being confirmed', () => isAsked('claimMovie', key));
  const deciding = stage.renders.resolve(key, 'resubmit', SIGNED).catch((error: unknown) => error);
  await until('the look before it is sent again is over', async () => {
    const { events } = await stage.renders.story(key);
    return events.filter(({ text }) => text.startsWith('look 5')).length === 1;
  });
  await stage.fake.release(park);

  expect(await deciding).toMatchObject({
    code: 'DecisionRefused',
    message: `settled meanwhile: the movie is project ${project}`,
  });
  expect(await stage.renders.result(key)).toMatchObject({ project });
  expect(await paid(key)).toEqual([project]);
}, 60_000);

test('a look that finds the movie while a person’s project is being read settles it: the decision is refused', async () => {
  const key = freshKey('look-first');
  const other = await stage.renders.submitOnce(freshKey('other'), CARD);
  const lists = await stage.fake.fault({ match: { call: 'list' }, effect: { kind: 'park', at: 'before' } });
  await stage.fake.fault({ match: { call: 'create', key }, effect: { kind: 'reset-after' }, times: 1 });
  await stage.renders.start(key, CARD, TERMS);
  await until('the list is being read', () => isAsked('findMovie', key));
  const reads = await stage.fake.fault({
    match: { call: 'status', project: other.project },
    effect: { kind: 'park', at: 'before' },
  });
  const deciding = stage.renders.resolve(key, { adopt: other.project }, { ...SIGNED, force: true });
  const decided = deciding.catch((error: unknown) => error);
  await until('the project is being read', () => isAsked('claimMovie', key));
  await stage.fake.release(lists);

  const [project = ''] = await paid(key);
  expect(await decided).toMatchObject({
    code: 'DecisionRefused',
    message: `settled meanwhile: the movie is project ${project}`,
  });
  await stage.fake.release(reads);
  expect(await stage.renders.result(key)).toMatchObject({ project });
}, 60_000);

test('a person who adopts while a look is under way decides: the look changes nothing', async () => {
  const key = freshKey('person-first');
  await stage.fake.clearFaults();
  const lists = await stage.fake.fault({ match: { call: 'list' }, effect: { kind: 'park', at: 'before' } });
  await stage.fake.fault({ match: { call: 'create', key }, effect: { kind: 'reset-after' }, times: 1 });
  await stage.renders.start(key, CARD, TERMS);
  await until('the list is being read', () => isAsked('findMovie', key));
  const [project = ''] = await paid(key);
  const answer = await stage.renders.resolve(key, { adopt: project }, SIGNED);
  await stage.fake.release(lists);

  expect(answer).toMatchObject({ project });
  expect(await stage.renders.result(key)).toMatchObject({ project, decisions: [{ action: 'adopt' }] });
  expect(await paid(key)).toEqual([project]);
}, 60_000);

test('a decision about a render that is not in doubt, or about an unknown key, is refused', async () => {
  const key = freshKey('done');
  await stage.renders.render(key, CARD);

  expect(await resolve(key, '--abandon')).toMatchObject({ code: 2, error: { code: 'DecisionRefused' } });
  expect(await resolve(freshKey('nobody'), '--abandon')).toMatchObject({
    code: 2,
    error: { code: 'KeyNotFound' },
  });
  expect(await resolve(key)).toMatchObject({ code: 2, error: { code: 'OptionsInvalid' } });
}, 60_000);

async function isAsked(activity: string, key: string): Promise<boolean> {
  const { raw } = await stage.client.workflow.getHandle(key).describe();
  return (raw.pendingActivities ?? []).some(
    ({ activityType, lastStartedTime }) => activityType?.name === activity && Boolean(lastStartedTime),
  );
}
