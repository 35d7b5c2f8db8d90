import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { callCommand } from '../support/call-command.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 1 } });
  await stage.hostWorker();
});
afterAll(() => stage.close());

/** What follows a render by its own options, as the engine has them. */
async function followedAs(key: string): Promise<object> {
  const { events } = await stage.client.workflow.getHandle(key).fetchHistory();
  const [payload] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const { options } = defaultPayloadConverter.fromPayload<{ options: { keep?: boolean; notify?: unknown } }>(
    payload ?? {},
  );
  const { keep, notify } = options;
  return { keep, notify };
}

async function filesIn(files: Readonly<Record<string, string>>): Promise<(name: string) => string> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-orders-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return (name) => join(folder, name);
}

test('submit says for one render what follows it: a copy, destinations and addresses, or nothing', async () => {
  const path = await filesIn({ 'card.json': JSON.stringify(CARD) });
  const submitted = async (...flags: readonly string[]): Promise<object> => {
    const key = freshKey('flags');
    const ran = await callCommand(['submit', key, path('card.json'), ...flags], stage.env);
    expect(ran).toMatchObject({ code: 0 });
    return followedAs(key);
  };
  expect(await submitted()).toEqual({ keep: undefined, notify: undefined });
  expect(await submitted('--keep', '--notify', 'shop, archive', '--notify', 'http://n8n.test/1,2')).toEqual({
    keep: true,
    notify: ['shop', 'archive', { url: 'http://n8n.test/1,2' }],
  });
  expect(await submitted('--no-keep', '--no-notify')).toEqual({ keep: false, notify: [] });
  const bad = await callCommand(['submit', freshKey('bad'), path('card.json'), '--notify', 'a b'], stage.env);
  expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('names a destination by other') });
});

test('batch says it for all lines and rows, and a line for itself', async () => {
  const run = freshKey('flags');
  const lines = [
    { key: `${run}-all`, movie: CARD },
    {
      key: `${run}-own`,
      movie: CARD,
      options: { keep: false, notify: ['shop', { url: 'http://n8n.test/1' }] },
    },
  ];
  const path = await filesIn({
    'orders.jsonl': lines.map((line) => JSON.stringify(line)).join('\n'),
    'orders.csv': `key,a\n${run}-row,1\n`,
    'card.json': JSON.stringify(CARD),
  });
  const flags = ['--keep', '--notify', 'archive'];
  await callCommand(['batch', path('orders.jsonl'), ...flags], stage.env);
  await callCommand(['batch', path('orders.csv'), '--movie', path('card.json'), ...flags], stage.env);
  const followed = await Promise.all(['all', 'own', 'row'].map((name) => followedAs(`${run}-${name}`)));
  expect(followed).toEqual([
    { keep: true, notify: ['archive'] },
    { keep: false, notify: ['shop', { url: 'http://n8n.test/1' }] },
    { keep: true, notify: ['archive'] },
  ]);
});
