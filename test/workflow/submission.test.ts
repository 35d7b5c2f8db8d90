import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { httpReply } from '../support/scripted-provider.js';
import { failureOf, scriptedStage, stateOf } from '../support/scripted-stage.js';

const stage = scriptedStage();

/** Bytes of all payloads, in which all that can grow in a history is kept. */
function payloadBytes(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((total: number, entry) => total + payloadBytes(entry), 0);
}

const MOVIE = { scenes: [] };

test('refusals are tried again until patience is over, then the movie is rejected with the last reason', async () => {
  for (let index = 0; index < 100; index += 1) {
    stage.provider.script.push(() => httpReply(400, { message: 'Insufficient credits' }));
  }
  const handle = await stage.time.start(MOVIE, { submitPatienceSeconds: 1_200 });
  await stage.time.env.sleep('10 minutes');
  expect(await stateOf(handle)).toBe('waiting');
  const failure = await failureOf(handle);

  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({
    type: 'MovieRejected',
    message: expect.stringMatching(/credits.*Insufficient credits/),
  });
  const gaps = stage.provider.posts.map(
    ({ atMs }, index) => atMs - (stage.provider.posts[index - 1]?.atMs ?? atMs),
  );
  expect(gaps.slice(1, 5).map((gap) => Math.round(gap / 1_000))).toEqual([1, 2, 4, 8]);
  expect(Math.max(...gaps)).toBeLessThan(302_000);
});

test('30 days of refusals of a 1.4 MB movie leave under 500 events, and a history under 2 MB', async () => {
  for (let index = 0; index < 100; index += 1)
    stage.provider.script.push(() => httpReply(429, { message: 'slow down' }));
  const movie = { scenes: [], comment: 'x'.repeat(1_400_000) };
  const handle = await stage.time.start(movie, { submitPatienceSeconds: 2_590_000 });
  expect(await failureOf(handle)).toMatchObject({ type: 'MovieRejected' });
  const history = await handle.fetchHistory();

  expect(stage.provider.posts.length).toBeGreaterThan(20);
  expect(history.events?.length).toBeLessThan(500);
  expect(payloadBytes(history)).toBeLessThan(2_000_000);
});

test('after ten refusals for credits a probe waits for them without history, and one submission follows', async () => {
  for (let index = 0; index < 10; index += 1) {
    stage.provider.script.push(() => httpReply(400, { message: 'Insufficient credits' }));
  }
  let probes = 0;
  stage.provider.probe = async () => {
    probes += 1;
    return { says: probes > 100 ? 'accepted' : 'no-credits', message: 'HTTP 200' };
  };
  const handle = await stage.time.start(MOVIE, { submitPatienceSeconds: 2_592_000 });

  expect(await handle.result()).toMatchObject({ status: 'done' });
  expect(stage.provider.posts).toHaveLength(11);
  expect(probes).toBe(101);
  const [before, last] = stage.provider.posts.slice(-2);
  expect(last!.atMs - before!.atMs).toBeGreaterThanOrEqual(100 * 300_000);
  expect((await handle.fetchHistory()).events?.length).toBeLessThan(170);
});

test('a run that follows another looks before it sends anything, and adopts what is there', async () => {
  await stage.provider.accept({ 'client-data': {} });
  const first = await stage.time.start(MOVIE);
  const before = await first.result();
  const again = await stage.time.start(MOVIE, { lookFrom: new Date(0).toISOString() }, first.workflowId);

  expect(await again.result()).toMatchObject({ project: before.project });
  expect(stage.provider.posts).toHaveLength(1);
});

test('a run that follows one in doubt sends only after a look made when that one had settled', async () => {
  const now = await stage.time.env.currentTimeMs();
  const lookUntil = new Date(now + 600_000).toISOString();
  const handle = await stage.time.start(MOVIE, {
    lookFrom: new Date(now).toISOString(),
    lookUntil,
    lookAccount: stage.provider.account,
  });
  await handle.result();

  expect(stage.provider.posts).toHaveLength(1);
  expect(stage.provider.looks).toHaveLength(2);
  expect(stage.provider.looks[1]!).toBeGreaterThanOrEqual(now + 600_000);
  expect(stage.provider.posts[0]!.atMs).toBeGreaterThanOrEqual(stage.provider.looks[1]!);
});

test('unfit options from a client in another language are a rejection before anything is sent', async () => {
  const handle = await stage.time.start(MOVIE, { pollSeconds: 0 });

  expect(await failureOf(handle)).toMatchObject({
    type: 'MovieRejected',
    message: expect.stringContaining('pollSeconds'),
  });
  expect(stage.provider.posts).toHaveLength(0);
});

test('a machine that was suspended during the attempt does not send: the wall clock tells what the other one slept through', async () => {
  let readings = 0;
  stage.now = () => {
    readings += 1;
    return Date.now() + (readings === 1 ? 0 : 3_600_000);
  };
  const handle = await stage.time.start({ scenes: [] }, { resubmissions: 0 });
  await stage.time.env.sleep('30 minutes');

  expect(stage.provider.posts).toEqual([]);
  expect(await stateOf(handle)).toBe('held');
});
