import { WorkflowUpdateFailedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import type { DecisionRequest } from '../../src/render/decision.js';
import type { JsonObject } from '../../src/text/json.js';
import { resolveUpdate } from '../../src/workflows/messages.js';
import { LOST, httpReply } from '../support/scripted-provider.js';
import { failureOf, scriptedStage, stateOf } from '../support/scripted-stage.js';
import type { RenderHandle } from '../support/time-skipping.js';

const stage = scriptedStage();

const MOVIE = { scenes: [] };
const SIGNED = { by: 'anna', why: 'the list shows nothing' };
const PROJECT = 'project000000001';

/** A render whose POST was lost, in a state of doubt; `sent` is what the provider would have got. */
async function inDoubt(state: 'unknown' | 'held'): Promise<{ handle: RenderHandle; sent: () => JsonObject }> {
  let sent: JsonObject = {};
  stage.provider.script.push((movie) => {
    sent = movie;
    return LOST;
  });
  const handle = await stage.time.start(MOVIE, { resubmissions: 0 });
  await stage.time.env.sleep(state === 'unknown' ? '2 seconds' : '30 minutes');
  expect(await stateOf(handle)).toBe(state);
  return { handle, sent: () => sent };
}

function decide(handle: RenderHandle, request: DecisionRequest) {
  return handle.executeUpdate(resolveUpdate, { args: [request] });
}

async function refusalOf(deciding: Promise<unknown>): Promise<string> {
  const error = await deciding.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
  return error instanceof WorkflowUpdateFailedError ? String(error.cause?.message) : '';
}

/** Has the provider hold the movie in a way that no look can see. */
function acceptUnlisted(movie: JsonObject): Promise<string> {
  return stage.provider.accept(movie, 30 * 86_400_000);
}

test.each(['unknown', 'held'] as const)(
  'a project that carries our mark is adopted by a person while the render is %s; who, why and when stand in the result',
  async (state) => {
    const { handle, sent } = await inDoubt(state);
    await acceptUnlisted(sent());
    const answer = await decide(handle, { action: 'adopt', project: PROJECT, ...SIGNED });
    const decision = { action: 'adopt', project: PROJECT, ...SIGNED, at: answer.decision.at };

    expect(answer).toMatchObject({ key: handle.workflowId, project: PROJECT, decision });
    expect(await handle.result()).toMatchObject({ status: 'done', project: PROJECT, decisions: [decision] });
    expect(stage.provider.posts).toHaveLength(1);
  },
);

test('a project without our mark is adopted by force only', async () => {
  const { handle } = await inDoubt('held');
  await acceptUnlisted({
    'client-data': { renderonce: { key: 'other', fingerprint: 'f', namespace: 'default' } },
  });
  await acceptUnlisted({});
  const refusedOther = await refusalOf(decide(handle, { action: 'adopt', project: PROJECT, ...SIGNED }));
  const refusedBare = await refusalOf(
    decide(handle, { action: 'adopt', project: 'project000000002', ...SIGNED }),
  );
  const refusedUnknown = await refusalOf(decide(handle, { action: 'adopt', project: 'nowhere', ...SIGNED }));
  expect(refusedOther).toContain('it carries key other');
  expect(refusedBare).toContain('no mark');
  expect(refusedUnknown).toContain('the provider knows no such project');
  expect(await stateOf(handle)).toBe('held');
  await decide(handle, { action: 'adopt', project: 'project000000002', force: true, ...SIGNED });

  expect(await handle.result()).toMatchObject({ status: 'done', project: 'project000000002' });
  expect(stage.provider.posts).toHaveLength(1);
});

test('a held movie that a person has sent again is sent once, after one more look', async () => {
  const { handle } = await inDoubt('held');
  const looks = stage.provider.looks.length;
  const answer = await decide(handle, { action: 'resubmit', ...SIGNED });

  expect(answer.message).toContain('is sent again');
  expect(await handle.result()).toMatchObject({
    status: 'done',
    decisions: [{ action: 'resubmit', by: 'anna' }],
  });
  expect(stage.provider.posts).toHaveLength(2);
  expect(stage.provider.looks).toHaveLength(looks + 1);
});

test('a movie that the last look before it would be sent again finds is adopted, and not sent', async () => {
  const { handle, sent } = await inDoubt('held');
  await stage.provider.accept(sent());
  const answer = await decide(handle, { action: 'resubmit', ...SIGNED });

  expect(answer).toMatchObject({ project: PROJECT, message: expect.stringContaining('nothing was sent') });
  expect(await handle.result()).toMatchObject({ project: PROJECT });
  expect(stage.provider.posts).toHaveLength(1);
});

test('before the end of the settle window a movie is sent again by force only', async () => {
  const { handle } = await inDoubt('unknown');
  expect(await refusalOf(decide(handle, { action: 'resubmit', ...SIGNED }))).toContain(
    'may still turn up until',
  );
  expect(stage.provider.posts).toHaveLength(1);
  await decide(handle, { action: 'resubmit', force: true, ...SIGNED });

  expect(await handle.result()).toMatchObject({ status: 'done' });
  expect(stage.provider.posts).toHaveLength(2);
});

test('a rejection after a movie was sent again by force does not free the key before the first submission is settled', async () => {
  const { handle, sent } = await inDoubt('unknown');
  stage.provider.script.push(() => httpReply(400, { success: false, message: 'bad movie' }));
  await decide(handle, { action: 'resubmit', force: true, ...SIGNED });
  await stage.time.env.sleep('2 seconds');
  expect(await stateOf(handle)).toBe('unknown');
  await stage.provider.accept(sent());

  expect(await handle.result()).toMatchObject({ status: 'done', project: PROJECT });
});

test('an abandoned key fails as RenderAbandoned, with who, why and when', async () => {
  const { handle } = await inDoubt('held');
  await decide(handle, { action: 'abandon', ...SIGNED });
  const failure = await failureOf(handle);

  expect(failure).toMatchObject({
    type: 'RenderAbandoned',
    message: expect.stringContaining('decided by anna'),
    details: [{ decisions: [{ action: 'abandon', ...SIGNED }] }],
  });
  expect(await stateOf(handle)).toBe('abandoned');
  expect(stage.provider.posts).toHaveLength(1);
});

test.each([
  ['adopt', { action: 'adopt', project: PROJECT, ...SIGNED }],
  ['resubmit', { action: 'resubmit', ...SIGNED }],
  ['abandon', { action: 'abandon', ...SIGNED }],
] as const)('%s, decided twice at once, takes effect once and is answered twice', async (_, request) => {
  const { handle, sent } = await inDoubt('held');
  await acceptUnlisted(sent());
  const posts = stage.provider.posts.length;
  const [first, second] = await Promise.all([
    decide(handle, request),
    decide(handle, { ...request, by: 'bert' }),
  ]);

  expect(second.decision).toEqual(first.decision);
  await handle.result().catch(() => undefined);
  expect(stage.provider.posts.length - posts).toBe(request.action === 'resubmit' ? 1 : 0);
});

test('nothing can be decided about a render that is not in doubt', async () => {
  stage.provider.reading = () => ({ says: 'rendering', status: 'running' });
  const handle = await stage.time.start(MOVIE);
  await stage.time.env.sleep('20 seconds');
  expect(await stateOf(handle)).toBe('rendering');
  const refusal = await refusalOf(decide(handle, { action: 'abandon', ...SIGNED }));

  expect(refusal).toContain('the render is rendering: nothing is in doubt');
});

test.each([
  [{ action: 'forget', ...SIGNED }, 'action must be one of'],
  [{ action: 'adopt', ...SIGNED }, 'project must name'],
  [{ action: 'abandon', by: '', why: 'x' }, 'by must name who decides'],
  [{ action: 'abandon', by: 'anna', why: ' ' }, 'why must give the reason'],
  [{ action: 'abandon', force: true, ...SIGNED }, 'force belongs to'],
])('a decision of the wrong shape is refused, and leaves no event: %j', async (request, message) => {
  const { handle } = await inDoubt('held');
  expect(await refusalOf(decide(handle, request as unknown as DecisionRequest))).toContain(message);

  const { events } = await handle.fetchHistory();
  expect(events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toEqual([]);
});

test('a cancelled render in doubt cannot be sent again', async () => {
  const { handle } = await inDoubt('unknown');
  await handle.cancel();
  await stage.time.env.sleep('1 second');
  const refusal = await refusalOf(decide(handle, { action: 'resubmit', force: true, ...SIGNED }));

  expect(refusal).toContain('the render was cancelled');
  expect(stage.provider.posts).toHaveLength(1);
});
