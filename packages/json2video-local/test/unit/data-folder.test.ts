import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import type { FakeJson2Video } from '../../src/index.js';
import { afterKill, begin, dataFolder, freshDataFolders, ledgerText, restarted } from './data-folders.js';
import { call, movieOf, post, releaseFakes, START, startFake, status, submit, until } from './support.js';

releaseFakes();
freshDataFolders();

const pathOf = (fake: FakeJson2Video, url: unknown): string => String(url).slice(fake.url.length);
const templatesOf = async (fake: FakeJson2Video): Promise<unknown> => {
  const { json } = await call(fake, '/v2/templates');
  return z.object({ templates: z.array(z.unknown()) }).parse(json).templates;
};

describe('a restart on a data folder', () => {
  test('addresses of videos stay the same, apart from the port', async () => {
    const first = await begin();
    const project = await submit(first);
    first.advance(60);
    const before = pathOf(first, (await status(first, project))['url']);
    const second = await restarted(first);
    expect(pathOf(second, (await status(second, project))['url'])).toBe(before);
  });

  test('a file that a cached movie keeps for a minute is gone after it', async () => {
    const options = { switches: { cachedUrl: 'near-expiry' } } as const;
    const first = await begin(options);
    const project = await submit(first);
    first.advance(60);
    await submit(first);
    const second = await restarted(first, options);
    const path = pathOf(second, (await status(second, project))['url']);
    expect((await call(second, path)).code).toBe(200);
    second.advance(61);
    expect((await call(second, path)).code).not.toBe(200);
  });

  test('templates that were made, changed and deleted at run time stay so', async () => {
    const movie = { scenes: [] };
    const given = { AAAAAAAAAAAAAAAAAAAA: { movie, name: 'one' }, BBBBBBBBBBBBBBBBBBBB: { movie } };
    const first = await begin({ templates: given });
    const write = (path: string, body: object) => call(first, path, { method: 'POST', body });
    await write('/v2/templates', { name: 'new', movie });
    await write('/v2/templates?id=AAAAAAAAAAAAAAAAAAAA', { name: 'changed' });
    await call(first, '/v2/templates?id=BBBBBBBBBBBBBBBBBBBB', { method: 'DELETE' });
    const before = await templatesOf(first);
    expect(before).toMatchObject([{ name: 'new' }, { name: 'changed' }]);
    const second = await restarted(first, { templates: given });
    expect(await templatesOf(second)).toEqual(before);
    const other = { ...given, AAAAAAAAAAAAAAAAAAAA: { movie, name: 'two' } };
    const third = await restarted(second, { templates: other });
    expect(await templatesOf(third)).toMatchObject([{ name: 'new' }, { name: 'two' }]);
  });

  test('switches that were set at run time stay, until their options change', async () => {
    const first = await begin({ switches: { badKey: 401 } });
    first.setSwitches({ badKey: 403, noCredits: 401 });
    const second = await restarted(first, { switches: { badKey: 401 } });
    expect(second.switches()).toEqual(first.switches());
    const third = await restarted(second);
    expect(third.switches()).toMatchObject({ badKey: 400, noCredits: 400 });
  });

  test('polls are counted on, and a legacy plan has no more movies than before', async () => {
    const plan = { drafts: 2 };
    const first = await begin({ plan });
    const project = await submit(first);
    await status(first, project);
    await submit(first);
    const second = await restarted(first, { plan });
    await status(second, project);
    expect(second.movies()[0]).toMatchObject({ polls: 2 });
    expect((await post(second, movieOf('c'))).code).toBe(401);
  });

  test('the balance of the first start counts, and the seed goes on', async () => {
    const first = await begin({ credits: 50, seed: 7 });
    const twin = await startFake({ fixedClock: true, credits: 50, seed: 7 });
    const projects = [await submit(twin), await submit(twin, movieOf('b'))];
    const one = await submit(first);
    const second = await restarted(first, { credits: 99, seed: 7 });
    expect([one, await submit(second, movieOf('b'))]).toEqual(projects);
    expect(second.credits().balance).toBe(50);
  });

  test('a fast clock never goes back, also after a kill', async () => {
    const fast = { fixedClock: false, timeScale: 100_000 };
    const first = await begin(fast);
    const shown = first.now();
    await until(() => first.now() > shown + 1_000_000);
    const last = first.now();
    const second = await afterKill(fast);
    expect(second.now()).toBeGreaterThanOrEqual(last);
  });
});

describe('the data folder', () => {
  test('is one server’s at a time, and free again when that one has closed', async () => {
    const first = await begin();
    await expect(begin()).rejects.toThrow('Another server uses');
    await restarted(first);
  });

  test('is readable by its owner only', async () => {
    await begin();
    expect(statSync(dataFolder()).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataFolder(), 'ledger.jsonl')).mode & 0o777).toBe(0o600);
  });

  test('loses lines that later ones replace at the next start, and nothing else', async () => {
    const first = await begin();
    const project = await submit(first);
    for (let poll = 0; poll < 50; poll += 1) await status(first, project);
    const sizeBefore = ledgerText().length;
    const second = await restarted(first);
    expect(second.movies()).toEqual(first.movies());
    expect(ledgerText().length).toBeLessThan(sizeBefore - 40 * 50);
    const third = await restarted(second);
    expect(third.movies()).toEqual(first.movies());
  });

  test('keeps charges, counts and numbers of movies that are forgotten beyond maxMovies', async () => {
    const options = { maxMovies: 1, plan: { drafts: 600 }, credits: 10_000 };
    const first = await begin(options);
    // The server forgets 500 at a time.
    const keys = Array.from({ length: 501 }, (_, index) => `k${index}`);
    await Promise.all(keys.map((key) => submit(first, movieOf(key))));
    first.advance(60);
    await submit(first, movieOf('last'));
    first.advance(60);
    const { json } = await call(first, '/v2/movies?project=none');
    const second = await restarted(first, options);
    expect(ledgerText().split('\n').length).toBeLessThan(20);
    const third = await restarted(second, options);
    expect([third.movies(), third.credits()]).toEqual([first.movies(), first.credits()]);
    expect((await call(third, '/v2/movies?project=none')).json).toEqual(json);
    const list = await call(third, '/v2/movies?limit=1');
    expect(JSON.stringify(list.json)).toContain(Buffer.from('after:502').toString('base64url'));
  }, 120_000);

  test('a file that is not of this version, and one without an end of line, are refused', async () => {
    const first = await begin();
    await first.close();
    const text = ledgerText();
    writeFileSync(join(dataFolder(), 'ledger.jsonl'), text.replace('"version":1', '"version":2'));
    await expect(begin()).rejects.toThrow('"version" is not usable');
    writeFileSync(join(dataFolder(), 'ledger.jsonl'), Buffer.alloc(33 * 1024 * 1024, 32));
    await expect(begin()).rejects.toThrow('a line has no end');
  });

  test('without one nothing is written', async () => {
    const fake = await startFake({ startAt: START });
    await submit(fake);
    expect(() => ledgerText()).toThrow('ENOENT');
  });
});
