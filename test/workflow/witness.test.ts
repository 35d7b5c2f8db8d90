import { WorkflowUpdateFailedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { renderWebhook, resolveUpdate } from '../../src/workflows/messages.js';
import { LOST, httpReply } from '../support/scripted-provider.js';
import { failureOf, scriptedStage, stateOf } from '../support/scripted-stage.js';
import type { RenderHandle } from '../support/time-skipping.js';

const stage = scriptedStage();

const MOVIE = { scenes: [] };
const SIGNED = { by: 'anna', why: 'seen in the dashboard' };
const OTHER = 'b1b1b1b1b1b1';

const messageOf = async (handle: RenderHandle): Promise<string> => {
  const { raw } = await handle.describe();
  const fields = raw.pendingActivities?.map(({ lastFailure }) => lastFailure?.message ?? '') ?? [];
  return fields.join(' ');
};

const resubmit = (handle: RenderHandle, force = false) =>
  handle.executeUpdate(resolveUpdate, { args: [{ action: 'resubmit', ...SIGNED, ...(force && { force }) }] });

/** Starts a render whose first reply is lost, and lets an hour pass. */
async function inDoubtForAnHour(options = {}): Promise<RenderHandle> {
  stage.provider.script.push(() => LOST);
  const handle = await stage.time.start(MOVIE, options);
  await stage.time.env.sleep('1 hour');
  return handle;
}

test('a list without a witness proves nothing: the key is held, whatever `resubmissions` says', async () => {
  stage.provider.listsWitness = false;
  const handle = await inDoubtForAnHour();

  expect(await stateOf(handle)).toBe('held');
  expect(await messageOf(handle)).toMatch(/shows none of the renders that this account is known to have/);
  expect(stage.provider.posts).toHaveLength(1);
});

test('an account without a render before has no witness: held', async () => {
  stage.provider.witness = undefined;
  expect(await stateOf(await inDoubtForAnHour())).toBe('held');
  expect(stage.provider.posts).toHaveLength(1);
});

test('a mark alone is no witness: a person may have copied it', async () => {
  stage.provider.listsWitness = false;
  await stage.provider.accept({
    'client-data': { renderonce: { key: 'witness', fingerprint: 'e'.repeat(64), namespace: 'default' } },
  });
  expect(await stateOf(await inDoubtForAnHour())).toBe('held');
  expect(stage.provider.posts).toHaveLength(1);
});

test('a held key sends its remaining submission as soon as a look has a witness', async () => {
  stage.provider.listsWitness = false;
  const handle = await inDoubtForAnHour();
  stage.provider.listsWitness = true;

  expect(await handle.result()).toMatchObject({ status: 'done', project: 'project000000001' });
  expect(stage.provider.posts).toHaveLength(2);
});

test('a worker with the key of another account cannot settle a doubt: held, and both accounts are named', async () => {
  const { account } = stage.provider;
  stage.provider.script.push(async (movie) => {
    await stage.provider.accept(movie, 10 * 86_400_000);
    stage.provider.account = OTHER;
    return LOST;
  });
  const handle = await stage.time.start(MOVIE);
  await stage.time.env.sleep('1 hour');

  expect(await stateOf(handle)).toBe('held');
  expect(await messageOf(handle)).toContain(account);
  expect(await messageOf(handle)).toContain(OTHER);
  expect(stage.provider.posts).toHaveLength(1);
});

test('another key of the same account sees its renders, and settles the doubt', async () => {
  const { account, witness } = stage.provider;
  stage.provider.script.push(() => {
    stage.provider.account = OTHER;
    return LOST;
  });
  stage.provider.acceptedBy = (asked) => (asked === account && witness !== undefined ? [witness] : []);
  const handle = await stage.time.start(MOVIE);

  expect(await handle.result()).toMatchObject({ status: 'done' });
  expect(stage.provider.posts).toHaveLength(2);
});

test('an attempt whose account nobody knows is held', async () => {
  const handle = await stage.time.start(MOVIE, {
    lookFrom: new Date(0).toISOString(),
    lookUntil: new Date(0).toISOString(),
    lookAccount: 'unknown',
  });
  await stage.time.env.sleep('1 hour');

  expect(await stateOf(handle)).toBe('held');
  expect(stage.provider.posts).toHaveLength(0);
});

test('a person sends without a witness by force only', async () => {
  stage.provider.listsWitness = false;
  const handle = await inDoubtForAnHour();

  await expect(resubmit(handle)).rejects.toThrow(WorkflowUpdateFailedError);
  expect(stage.provider.posts).toHaveLength(1);
  await resubmit(handle, true);
  expect(await handle.result()).toMatchObject({ status: 'done' });
  expect(stage.provider.posts).toHaveLength(2);
});

test('another movie under the key counts at the last look only: ours may be listed later', async () => {
  stage.provider.script.push(async (movie) => {
    const mark = (movie['client-data'] as { renderonce: object }).renderonce;
    const other = { ...mark, fingerprint: 'e'.repeat(64) };
    await stage.provider.accept({ 'client-data': { renderonce: other } });
    await stage.provider.accept(movie, 15_000);
    return LOST;
  });
  const handle = await stage.time.start(MOVIE);

  expect(await handle.result()).toMatchObject({ project: 'project000000002' });
  expect(stage.provider.posts).toHaveLength(1);
});

test('after a rejection nothing is sent by force, and the key stays taken until the first submission has settled', async () => {
  stage.provider.listsWitness = false;
  stage.provider.script.push(
    () => LOST,
    () => httpReply(400, { success: false, message: 'Scene 1 is invalid' }),
  );
  const handle = await stage.time.start(MOVIE);
  await stage.time.env.sleep('2 seconds');
  await resubmit(handle, true);
  await stage.time.env.sleep('10 seconds');

  await expect(resubmit(handle, true)).rejects.toThrow(WorkflowUpdateFailedError);
  await stage.time.env.sleep('1 hour');
  expect(await stateOf(handle)).toBe('held');
  await expect(resubmit(handle, true)).rejects.toThrow(WorkflowUpdateFailedError);
  stage.provider.listsWitness = true;
  expect(await failureOf(handle)).toMatchObject({ type: 'MovieRejected' });
  expect(stage.provider.posts).toHaveLength(2);
});

test('a signal without a project is ignored, while in doubt and while waiting', async () => {
  stage.provider.script.push(() => LOST);
  const handle = await stage.time.start(MOVIE);
  await stage.time.env.sleep('2 seconds');
  for (const hint of [undefined, null, [], 'text', { project: 1 }, { project: '' }]) {
    await handle.signal(renderWebhook, hint as never);
  }
  expect(await handle.result()).toMatchObject({ status: 'done' });
});

test.each([undefined, null, [], {}, { movie: [] }, { movie: MOVIE }])(
  'a run that another client started with %j fails at once, as a rejection',
  async (request) => {
    const handle = await stage.time.env.client.workflow.start('renderMovie', {
      workflowId: `foreign-${Math.random()}`,
      taskQueue: 'renderonce',
      args: request === undefined ? [] : [request],
      workflowExecutionTimeout: '30 days',
    });
    expect(await failureOf(handle as RenderHandle)).toMatchObject({ type: 'MovieRejected' });
    expect(stage.provider.posts).toHaveLength(0);
  },
);

test('a list that cannot be read leaves the key held, and a look that can be read goes on', async () => {
  stage.provider.isListBroken = true;
  const handle = await inDoubtForAnHour();
  expect(await stateOf(handle)).toBe('held');
  stage.provider.isListBroken = false;

  expect(await handle.result()).toMatchObject({ status: 'done' });
  expect(stage.provider.posts).toHaveLength(2);
});
