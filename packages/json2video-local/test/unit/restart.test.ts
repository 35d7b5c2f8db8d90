import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { FakeJson2Video, FakeOptions } from '../../src/index.js';
import { OptionInvalid } from '../../src/index.js';
import { exportsTo, releaseReceivers, startReceiver } from './receiver.js';
import { call, movieOf, releaseFakes, START, startFake, status, submit, until } from './support.js';

releaseFakes();
releaseReceivers();

let folder = '';
let dataFolder = '';
let ledgerFile = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fake-'));
  dataFolder = join(folder, 'data');
  ledgerFile = join(dataFolder, 'ledger.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const begin = (options: FakeOptions = {}): Promise<FakeJson2Video> =>
  startFake({ dataFolder, fixedClock: true, ...options });

/** Ends the fake and starts another on its ledger file. */
async function restarted(fake: FakeJson2Video, options: FakeOptions = {}): Promise<FakeJson2Video> {
  await fake.close();
  return begin(options);
}

describe('a restart on an existing ledger file', () => {
  test('movies survive: finished ones with their file, running ones go on by the clock', async () => {
    const first = await begin();
    const done = await submit(first, movieOf('a', 5, { id: 'mine', resolution: 'hd' }));
    first.advance(60);
    const before = await status(first, done);
    const running = await submit(first, movieOf('b', 20));
    first.advance(5);
    const second = await restarted(first);
    expect(second.now()).toBe(first.now());
    const after = await status(second, done);
    const url = String(after['url']);
    expect({ ...after, url: 0, ass: 0 }).toEqual({ ...before, url: 0, ass: 0 });
    const file = await call(second, url.slice(second.url.length));
    expect([file.code, file.bytes.length]).toEqual([200, after['size']]);
    expect((await status(second, running))['status']).toBe('running');
    second.advance(10);
    expect((await status(second, running))['status']).toBe('done');
    expect(second.movies()).toMatchObject([
      { key: 'a', credits: 5 },
      { key: 'b', credits: 20 },
    ]);
  });

  test('the list, credits bought and spent, deletions and callbacks survive', async () => {
    const receiver = await startReceiver();
    const first = await begin({ credits: 10 });
    const project = await submit(first, movieOf('a', 5, exportsTo(receiver.url)));
    first.advance(60);
    await until(() => first.movies()[0]?.webhooks.length === 1);
    await call(first, `/v2/movies?project=${project}`, { method: 'DELETE' });
    first.addCredits(100);
    const second = await restarted(first, { credits: 10 });
    expect(second.credits()).toEqual(first.credits());
    expect(second.movies()).toEqual(first.movies());
    const { json } = await call(second, '/v2/movies');
    expect(json).toMatchObject({
      count: 1,
      movies: [{ project, url: null, deleted_at: expect.any(String) }],
    });
    expect(receiver.received).toHaveLength(1);
  });

  test('a running movie ends as it would have: failure, template, webhook, price', async () => {
    const receiver = await startReceiver();
    const id = 'LerKrmBfiqaIgBuacLWn';
    const movie = { scenes: [{ duration: '{{n}}', elements: [{ type: 'text', text: 'a' }] }] };
    const first = await begin({ templates: { [id]: { movie } } });
    await submit(first, { template: id, variables: { n: 7 }, ...exportsTo(receiver.url) });
    await submit(first, { scenes: [] });
    const second = await restarted(first);
    second.advance(60);
    await until(() => receiver.received.length === 1);
    expect(second.movies()).toMatchObject([
      { status: 'done', credits: 7 },
      { status: 'error', credits: 0 },
    ]);
    expect(JSON.parse(receiver.received[0]?.text ?? '')).toMatchObject({ duration: '7' });
  });

  test('the caches survive, and a fixed seed hands out no project twice', async () => {
    const picture = {
      scenes: [{ duration: 5, elements: [{ type: 'image', model: 'flux-pro', prompt: 'cat' }] }],
    };
    const first = await begin({ seed: 7 });
    await submit(first, movieOf('a'));
    await submit(first, picture);
    first.advance(60);
    const second = await restarted(first, { seed: 7 });
    await submit(second, movieOf('b'));
    await submit(second, { ...picture, cache: false });
    second.advance(60);
    const movies = second.movies();
    expect(movies.map(({ credits }) => credits)).toEqual([5, 25, 0, 5]);
    expect(new Set(movies.map(({ project }) => project)).size).toBe(4);
  });

  test('a movie called back before its end is not called back again', async () => {
    const receiver = await startReceiver();
    const first = await begin({ switches: { webhookDelivery: 'early' } });
    await submit(first, movieOf('a', 5, exportsTo(receiver.url)));
    const second = await restarted(first);
    second.advance(60);
    await submit(second, movieOf('b', 6, exportsTo(receiver.url)));
    second.advance(60);
    await until(() => receiver.received.length === 2);
    expect(second.movies().map(({ webhooks }) => webhooks.length)).toEqual([1, 1]);
  });

  test('the clock starts no earlier than the last entry, however far it was advanced, and may start later', async () => {
    const first = await begin();
    await submit(first);
    first.advance(3600);
    const second = await restarted(first);
    expect(new Date(second.now()).toISOString()).toBe('2026-11-15T13:00:00.000Z');
    const third = await restarted(second, { startAt: '2026-11-20T00:00:00.000Z' });
    expect(third.now()).toBe(Date.parse('2026-11-20T00:00:00.000Z'));
    expect(third.movies()).toMatchObject([{ status: 'done', createdAt: START }]);
  });

  test('a last line that was cut short was never acknowledged, and goes', async () => {
    const first = await begin();
    await submit(first, movieOf('a'));
    await first.close();
    appendFileSync(ledgerFile, '{"event":"accepted","project":"AAAA');
    const second = await begin();
    await submit(second, movieOf('b'));
    const third = await restarted(second);
    expect(third.movies().map(({ key }) => key)).toEqual(['a', 'b']);
    expect(readFileSync(ledgerFile, 'utf8')).not.toContain('AAAA');
  });

  test.each([
    ['nonsense\n', 'line 1 is no ledger line'],
    ['{"event":"accepted","project":"AAAAAAAAAAAAAAAA"}\n', '"createdAt" is not usable'],
  ])('a file of %j is refused, naming the line', async (text, message) => {
    mkdirSync(dataFolder);
    writeFileSync(ledgerFile, text);
    await expect(begin()).rejects.toThrow(message);
    await expect(begin()).rejects.toBeInstanceOf(OptionInvalid);
  });
});
