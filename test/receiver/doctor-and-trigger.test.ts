import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Check } from '../../src/cli/commands/doctor/check.js';
import { callCommand } from '../support/call-command.js';
import { type Env, expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { runOnTerminal } from '../support/terminal.js';

expectNoProcessLeft();

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  await stage.hostReceiver();
}, 120_000);

afterAll(() => stage.close());

async function json(args: readonly string[], env: Env = {}): Promise<Record<string, unknown>> {
  const { code, stdout } = await callCommand([...args, '--json'], { ...stage.env, ...env });
  return { code, ...(JSON.parse(stdout) as object) };
}

/** What a doctor finds that is not ok, with its exit code. */
async function troubles(env: Env = {}): Promise<{ code: unknown; bad: Record<string, string> }> {
  const { code, checks } = (await json(['doctor'], env)) as { code: unknown; checks: Check[] };
  const bad = checks.filter(({ level }) => level !== 'ok').map(({ name, level }) => [name, level]);
  return { code, bad: Object.fromEntries(bad) as Record<string, string> };
}

const signalsOf = async (key: string): Promise<number> => {
  const { events } = await stage.client.workflow.getHandle(key).fetchHistory();
  return (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
};

test('a doctor finds what is wrong with the surroundings, and nothing once it is put right', async () => {
  expect(await troubles()).toEqual({ code: 1, bad: { workers: 'wrong' } });
  await stage.hostWorker();
  expect(await troubles()).toEqual({ code: 0, bad: {} });
  const wrong = {
    JSON2VIDEO_API_KEY: 'not-the-key',
    RENDERONCE_KEY_MEMORY_DAYS: '31',
    RENDERONCE_WEBHOOK_SECRET: 'another-secret-than-that-of-the-receiver',
  };
  expect(await troubles(wrong)).toEqual({
    code: 1,
    bad: { 'key memory': 'wrong', 'API key': 'wrong', receiver: 'wrong' },
  });
  expect(await troubles({ TEMPORAL_NAMESPACE: 'nowhere' })).toMatchObject({
    code: 1,
    bad: { namespace: 'wrong' },
  });
  expect(await troubles({ TEMPORAL_ADDRESS: '127.0.0.1:1' })).toEqual({ code: 3, bad: { engine: 'wrong' } });
  // Its call costs nothing.
  expect((await stage.fake.requests()).filter(({ call }) => call !== 'list')).toEqual([]);
}, 120_000);

test('a doctor gives a person one line a check', async () => {
  const { code, screen } = await runOnTerminal(['doctor'], {
    ...stage.env,
    RENDERONCE_KEY_MEMORY_DAYS: '31',
  });
  // What is wider than the terminal goes on in a line that begins with two spaces.
  const lines = screen
    .trim()
    .replaceAll(/\r\n {2}(?=\S)/g, ' ')
    .split('\r\n');

  expect(code).toBe(1);
  expect(lines).toHaveLength(11);
  for (const line of lines) expect(line).toMatch(/^(ok|warning|wrong) +\S/);
  expect(lines).toContainEqual(
    expect.stringMatching(/^wrong +key memory .*30 days, 31 are required.*\. Fix: run `renderonce setup`/),
  );
}, 60_000);

test('a webhook sent by hand reaches its render, copies of it are one hint, and a forged one is refused', async () => {
  const key = freshKey('triggered');
  const script = ['running'];
  await stage.fake.fault({ match: { key }, effect: { kind: 'state', script } });
  const { project } = await stage.renders.submitOnce(key, CARD);
  const forged = await json(['trigger', key, '--forge', '--duplicate', '2']);

  expect(forged).toEqual({
    code: 0,
    key,
    forged: true,
    deliveries: [{ status: 404 }, { status: 404 }, { status: 404 }],
  });
  expect(await signalsOf(key)).toBe(0);
  const sent = await json(['trigger', key, '--duplicate', '3', '--late', '0.1']);
  expect(sent).toMatchObject({ code: 0, forged: false });
  expect(sent['deliveries']).toEqual(Array.from({ length: 4 }, () => ({ status: 200 })));
  expect(await signalsOf(key)).toBe(1);
  // It is a hint: the provider was asked, and is believed.
  expect(await stage.renders.status(key)).toMatchObject({ state: 'rendering', project });
}, 60_000);

test("a body of one's own is sent as it is, and an answer that is not the expected one is exit code 1", async () => {
  const key = freshKey('by-hand');
  const body = join(tmpdir(), `${key}.json`);
  onTestFinished(() => rm(body, { force: true }));
  await writeFile(body, '{"movie":{"nothing":"named"}}');

  expect(await json(['trigger', key, '--body', body])).toMatchObject({
    code: 1,
    deliveries: [{ status: 400 }],
  });
  const unknown = await callCommand(['trigger', key, '--project', 'AbCdEfGhIjKlMnOp'], stage.env);
  expect(unknown).toMatchObject({ code: 1, stdout: expect.stringContaining('1 delivered: HTTP 404') });
  expect(unknown.stdout).toContain('NOT as expected: the render has the hint, HTTP 200');
  expect(await json(['trigger', key])).toMatchObject({ code: 2, error: { code: 'KeyNotFound' } });
  expect(await json(['trigger', key], { RENDERONCE_WEBHOOK_URL: '' })).toMatchObject({
    code: 2,
    error: { code: 'ConfigInvalid' },
  });
}, 60_000);
