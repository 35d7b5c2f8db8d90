import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Renders } from '../../src/starter.js';
import { readStartedRun } from '../../src/temporal/started-run.js';
import { Doubt, DOUBT_TERMS, HELD_WITHIN_MS, SIGNED } from '../support/doubt.js';
import { callCommand } from '../support/call-command.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { acceptWitness } from '../support/witness.js';
import { runOnTerminal } from '../support/terminal.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

/** Renders whose POST was lost on the way; `accepted`: the provider has the movie, and its list does not tell. */
const HELD = {
  adopt: { key: freshKey('adopt'), accepted: true },
  resubmit: { key: freshKey('resubmit'), accepted: false },
  abandon: { key: freshKey('abandon'), accepted: false },
  force: { key: freshKey('force'), accepted: false },
} as const;

let stage: Stage;
let doubt: Doubt;

beforeAll(async () => {
  stage = await openStage({ provider: { timeScale: 20 } });
  doubt = new Doubt(stage);
  await stage.hostWorker();
  await acceptWitness(stage);
  await Promise.all(Object.values(HELD).map(({ key, accepted }) => doubt.lose(key, accepted)));
  await Promise.all(Object.values(HELD).map(({ key }) => doubt.isIn(key, 'held')));
}, HELD_WITHIN_MS);

afterAll(() => stage.close());

test('status tells an operator what happened to a held key, what is awaited and how to decide', async () => {
  const { key } = HELD.abandon;
  const { stdout, code } = await callCommand(['status', key], stage.env);

  expect(code).toBe(0);
  expect(stdout).toContain(`${key}: held`);
  expect(stdout).toContain('Nothing is sent until a person decides');
  expect(stdout).toMatch(/submission 1: unknown: .*the connection broke/);
  expect(stdout).toMatch(/look 3 in the provider's list: not among \d+ movies/);
  expect(stdout).toMatch(/a look in the provider's list \(last: .*\); next at \d{4}-/);
  for (const choice of ['--adopt PROJECT', '--abandon', '--resubmit']) {
    expect(stdout).toContain(`renderonce resolve ${key} ${choice} --why REASON: `);
  }
  const listed = await callCommand(['list', '--state', 'held', '--json'], stage.env);
  expect(listed.stdout).toContain(key);
});

test('on a terminal a person sees the evidence and is asked; anything but yes decides nothing', async () => {
  const { key } = HELD.abandon;
  const args = ['resolve', key, '--abandon', '--why', 'not wanted'];
  const { code, screen } = await runOnTerminal(args, stage.env, { answer: '', prompt: '[y/N]' });

  expect(screen).toContain('submission 1: unknown');
  expect(screen).toContain("look 3 in the provider's list: not among");
  expect(screen).toContain(`Give up the key for ${key}? [y/N]`);
  expect(screen).toContain('not confirmed: nothing was decided');
  expect(code).toBe(2);
  expect(await stage.renders.status(key)).toMatchObject({ state: 'held' });
});

test('a project that carries our mark is adopted, twice in a row, and paid once', async () => {
  const { key } = HELD.adopt;
  const [project = ''] = await doubt.paid(key);
  const first = await doubt.resolve(key, '--adopt', project);
  const second = await doubt.resolve(key, '--adopt', project);

  expect(first).toMatchObject({ code: 0, key, project, decision: { action: 'adopt', project, ...SIGNED } });
  expect(second).toMatchObject({ code: 0, key, project, decision: first['decision'] });
  const outcome = await stage.renders.result(key);
  expect(outcome).toMatchObject({ status: 'done', project, decisions: [first['decision']] });
  expect(await doubt.resolve(key, '--adopt', project)).toMatchObject({
    code: 0,
    decision: first['decision'],
  });
  expect(await doubt.paid(key)).toEqual([project]);
  const { events } = await stage.renders.story(key);
  expect(events.map(({ text }) => text)).toContainEqual(
    `anna decides: adopt project ${project}, because: ${SIGNED.why}`,
  );
}, 60_000);

test('a movie that a person has sent again is sent once, decided twice in a row', async () => {
  const { key } = HELD.resubmit;
  const first = await doubt.resolve(key, '--resubmit');
  const second = await doubt.resolve(key, '--resubmit');

  expect(first).toMatchObject({ code: 0, message: expect.stringContaining('is sent again now') });
  expect(second['decision']).toEqual(first['decision']);
  const { project } = await stage.renders.result(key);
  expect(await doubt.paid(key)).toEqual([project]);
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(2);
}, 60_000);

test('an abandoned key is not sent again, decided twice in a row, and says who gave it up', async () => {
  const { key } = HELD.abandon;
  const first = await stage.renders.resolve(key, 'abandon', SIGNED);
  const second = await stage.renders.resolve(key, 'abandon', { by: 'bert', why: 'too' });

  expect(second.decision).toEqual(first.decision);
  expect(await doubt.resolve(key, '--resubmit')).toMatchObject({
    code: 2,
    error: { code: 'DecisionRefused', message: 'the render is abandoned: nothing is in doubt' },
  });
  const error = await stage.renders.submitOnce(key, CARD, DOUBT_TERMS).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'RenderAbandoned',
    message: expect.stringContaining('decided by anna'),
  });
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
}, 60_000);

test('a project of another key is refused, and adopted by force only', async () => {
  const { key } = HELD.force;
  const other = await stage.renders.submitOnce(freshKey('other'), CARD);

  expect(await doubt.resolve(key, '--adopt', other.project)).toMatchObject({
    code: 2,
    error: { code: 'DecisionRefused', message: expect.stringContaining('it carries key other-') },
  });
  expect(await stage.renders.status(key)).toMatchObject({ state: 'held' });
  expect(await doubt.resolve(key, '--adopt', other.project, '--force')).toMatchObject({
    code: 0,
    project: other.project,
  });
  expect(await stage.renders.result(key)).toMatchObject({ project: other.project });
  expect(await doubt.paid(key)).toEqual([]);
}, 60_000);

test('a decision about a render that is not in doubt, or about an unknown key, is refused', async () => {
  const key = freshKey('done');
  await stage.renders.render(key, CARD);

  expect(await doubt.resolve(key, '--abandon')).toMatchObject({
    code: 2,
    error: { code: 'DecisionRefused' },
  });
  expect(await doubt.resolve(freshKey('nobody'), '--abandon')).toMatchObject({
    code: 2,
    error: { code: 'KeyNotFound' },
  });
  expect(await doubt.resolve(key)).toMatchObject({ code: 2, error: { code: 'OptionsInvalid' } });
}, 60_000);

test('without a word of the call the default of resubmissions holds: of the variable, or of the library', async () => {
  const file = fileURLToPath(new URL('../../examples/movies/hello-card.json', import.meta.url));
  const env = { ...stage.env, RENDERONCE_RESUBMISSIONS: '0' };
  const careful = new Renders({
    client: stage.client,
    taskQueue: stage.taskQueue,
    defaults: { resubmissions: 0 },
  });
  const keys = [freshKey('variable'), freshKey('option'), freshKey('library'), freshKey('call')] as const;
  const [variable, option, library, call] = keys;
  await callCommand(['submit', variable, file], env);
  await callCommand(['submit', option, file, '--resubmissions', '1'], env);
  await careful.start(library, CARD);
  await careful.start(call, CARD, { resubmissions: 1 });

  const started = keys.map((workflowId) => readStartedRun(stage.client, { workflowId }));
  const options = (await Promise.all(started)).map((run) => run.options);
  expect(options).toMatchObject([0, 1, 0, 1].map((resubmissions) => ({ resubmissions })));
}, 60_000);
