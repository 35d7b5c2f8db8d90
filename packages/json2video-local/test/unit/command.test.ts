import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import type { Running } from '../../../../test/support/processes.js';
import { expectNoProcessLeft, runCommand, startCommand } from '../../../../test/support/processes.js';
import { scenarioList } from '../../src/index.js';
import { call, movieOf, post } from './support.js';

expectNoProcessLeft();

let folder = '';
let running: Running | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fake-'));
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** `renderonce fake` as a process of its own, on any free port. */
async function started(...args: string[]): Promise<{ url: string }> {
  running = await startCommand(['fake', '--port', '0', ...args], {});
  return z.object({ url: z.string() }).parse(running.said);
}

const creditsOf = async (fake: { url: string }): Promise<unknown> =>
  (await call(fake, '/_fake/credits')).json;

describe('renderonce fake', () => {
  test('rules, quirks and scenarios from the command line are in force, the first of each included', async () => {
    const onList = '{"match":{"call":"list"},"effect":{"kind":"status","code":503}}';
    const onTemplates = '{"match":{"call":"templates"},"effect":{"kind":"status","code":502}}';
    const rules = ['--fault', onList, '--fault', onTemplates, '--scenario', 'no-credits'];
    const quirks = ['--quirk', 'badKey=401', '--quirk', 'refusalBody=error'];
    const clock = ['--fixed-clock', '--start-at', '2026-11-15T12:00:00.000Z', '--seed', '1'];
    const fake = await started(...rules, ...quirks, ...clock, '--credits', '7');
    const refused = await post(fake, movieOf('a'));
    expect([refused.code, refused.json]).toEqual([400, { error: 'Insufficient credits' }]);
    expect((await call(fake, '/v2/movies')).code).toBe(503);
    expect((await call(fake, '/v2/templates')).code).toBe(502);
    expect((await call(fake, '/v2/movies?project=A', { apiKey: 'x' })).code).toBe(401);
    expect(await creditsOf(fake)).toMatchObject({ balance: 7 });
    expect((await call(fake, '/_fake/clock')).json).toEqual({ now: '2026-11-15T12:00:00.000Z' });
  });

  test('a file holds options; the command line goes before it, and adds to its rules', async () => {
    const file = join(folder, 'fake.json');
    const faults = [{ match: { call: 'list' }, effect: { kind: 'status', code: 503 } }];
    writeFileSync(file, JSON.stringify({ credits: 5, timeScale: 1000, quirks: { badKey: 403 }, faults }));
    const fake = await started('--config', file, '--credits', '9', '--quirk', 'noCredits=401', '--no-cache');
    expect(await creditsOf(fake)).toMatchObject({ balance: 9 });
    expect((await call(fake, '/v2/movies')).code).toBe(503);
    const { json } = await call(fake, '/_fake/quirks');
    expect(json).toMatchObject({ quirks: { badKey: 403, noCredits: 401 } });
    for (let copy = 0; copy < 2; copy += 1) await post(fake, movieOf('a', 1));
    await expect.poll(() => creditsOf(fake)).toMatchObject({ balance: 7, spent: 2 });
  });

  test('killed and started again on its ledger file, it still knows every movie', async () => {
    const ledger = join(folder, 'ledger');
    const first = await started('--ledger', ledger);
    const { json } = await post(first, movieOf('a'));
    running?.kill('SIGKILL');
    await running?.exit;
    const second = await started('--ledger', ledger);
    const { project } = z.object({ project: z.string() }).parse(json);
    expect((await call(second, `/v2/movies?project=${project}`)).json).toMatchObject({ movie: { project } });
  });

  test.each([
    [['--scenario', 'sunshine'], '--list-scenarios tells which there are'],
    [['--quirk', 'badKey=200'], 'it takes 400, 401, 403'],
    [['--fault', '{"match":{}}'], 'effect'],
    [['--config', '/nowhere.json'], 'cannot be read'],
    [['--start-at', 'soon'], 'It must be a time'],
    [['--ledger', fileURLToPath(import.meta.url)], 'line 1 is no ledger line'],
  ])('%j is bad usage and says what is wrong', async (args, message) => {
    const { code, stdout, stderr } = await runCommand(['fake', '--port', '0', ...args], {});
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  test('--list-scenarios prints them and ends', async () => {
    const told = await runCommand(['fake', '--list-scenarios', '--json'], {});
    expect([told.code, JSON.parse(told.stdout)]).toEqual([0, { scenarios: scenarioList() }]);
    const shown = await runCommand(['fake', '--list-scenarios'], {});
    expect(shown.stdout.split('\n')[0]).toMatch(/^lost-reply +the first submission/);
  });
});
