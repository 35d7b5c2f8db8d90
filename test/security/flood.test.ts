import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callCommand } from '../support/call-command.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { pathFor } from './receiver-stage.js';

expectNoProcessLeft();

let stage: Stage;
let receiver: Running;
let worker: Running;
let url: string;
let folder: string;
beforeAll(async () => {
  // Renders never end by themselves: the clock stands still.
  [stage, folder] = await Promise.all([
    openStage({ provider: { fixedClock: true } }),
    mkdtemp(join(tmpdir(), 'renderonce-security-')),
  ]);
  receiver = await stage.startReceiver({ RENDERONCE_LOG_LEVEL: 'trace' });
  worker = await stage.startWorker({ RENDERONCE_LOG_LEVEL: 'trace' });
  url = String(receiver.said['url']);
});
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

async function deliver(path: string, claim: object): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(claim) });
  await reply.arrayBuffer();
  return reply.status;
}

test('a flood on one valid token costs one confirming GET per 5 s, and at most 32 signals', async () => {
  const key = freshKey('flood');
  const { project } = await stage.renders.submitOnce(key, CARD);
  const path = pathFor(key);
  const startedMs = Date.now();
  let delivered = 0;
  while (Date.now() - startedMs < 7_000) {
    // Each claims another status, so that the engine cannot drop it as a duplicate.
    const round = Array.from({ length: 20 }, () =>
      deliver(path, { project, status: `done-${(delivered += 1)}` }),
    );
    expect(new Set(await Promise.all(round))).toEqual(new Set([200]));
  }
  const asked = (await stage.fake.requests({ call: 'status' })).filter((each) => each.project === project);
  const seconds = (Date.now() - startedMs) / 1_000;
  const { events } = await stage.client.workflow.getHandle(key).fetchHistory();
  const signals = (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length;

  expect(delivered).toBeGreaterThan(100);
  expect(signals).toBeGreaterThan(16);
  expect(signals).toBeLessThanOrEqual(32);
  expect(asked.length).toBeGreaterThanOrEqual(1);
  expect(asked.length).toBeLessThanOrEqual(1 + Math.floor(seconds / 5));
});

describe('the token of a callback stands in no log, whatever the level', () => {
  const tokensIn = (log: string): string[] => log.match(/v1\.[\w-]+\.\d+\.[\w-]{20,}/g) ?? [];

  test('neither of the receiver nor of the worker, for good deliveries and bad ones', async () => {
    const key = freshKey('quiet');
    await stage.renders.submitOnce(key, CARD);
    const path = pathFor(key);
    expect(await deliver(path, { project: 'another' })).toBe(200);
    expect(await deliver(path, { url: 'x' })).toBe(400);
    expect(await deliver(`${path}x`, {})).toBe(404);
    await until(
      'all three are logged',
      () => (receiver.stderr().match(/webhook delivery/g)?.length ?? 0) >= 3,
    );
    for (const log of [receiver.stderr(), worker.stderr()]) expect(tokensIn(log)).toEqual([]);
    expect(receiver.stderr()).not.toContain(path.slice(-43));
  });

  test('the control: a log of addresses would be caught', () => {
    expect(tokensIn(`{"level":20,"url":"${pathFor('order-1')}"}`)).toHaveLength(1);
  });
});

test('the command refuses a movie that points to a private host, starts nothing, and obeys the switch', async () => {
  const key = freshKey('private');
  const file = join(folder, 'movie.json');
  const scenes = [{ elements: [{ type: 'image', src: 'http://169.254.169.254/latest/', duration: 1 }] }];
  await writeFile(file, JSON.stringify({ scenes }));
  const refused = await callCommand(['submit', key, file, '--json'], stage.env);
  expect(refused.code).toBe(2);
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'MovieInvalid', key } });
  await expect(stage.renders.status(key)).rejects.toMatchObject({ code: 'KeyNotFound' });

  const allowed = await callCommand(['submit', key, file, '--json'], {
    ...stage.env,
    RENDERONCE_ASSETS: 'any',
  });
  expect(JSON.parse(allowed.stdout)).toMatchObject({ key, replayed: false });
});
