import { readFileSync } from 'node:fs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { addServerOptions } from '../../src/command.js';
import { scenarioList } from '../../src/index.js';
import type { CommandProcess } from './process.js';
import { expectNoProcessLeft, ran, serving } from './process.js';
import { call, movieOf, post } from './support.js';

expectNoProcessLeft();

let folder = '';
let running: CommandProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'json2video-local-'));
});
afterEach(async () => {
  await running?.kill('SIGTERM');
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the command on any free port. */
async function started(...args: string[]): Promise<{ url: string }> {
  running = await serving(['--port', '0', ...args]);
  return z.object({ ready: z.literal(true), url: z.string() }).parse(running.said);
}

const creditsOf = async (fake: { url: string }): Promise<unknown> =>
  (await call(fake, '/_fake/credits')).json;

describe('json2video-local', () => {
  test('rules, switches and scenarios of the command line are in force, also if an option is repeated', async () => {
    const onList = '{"match":{"call":"list"},"effect":{"kind":"status","code":503}}';
    const onTemplates = '{"match":{"call":"templates"},"effect":{"kind":"status","code":502}}';
    const rules = ['--fault', onList, '--fault', onTemplates, '--scenario', 'no-credits'];
    const switches = ['--switch', 'badKey=401', '--switch', 'refusalBody=error'];
    const clock = ['--fixed-clock', '--start-at', '2026-11-15T12:00:00.000Z', '--seed', '1'];
    const fake = await started(...rules, ...switches, ...clock, '--credits', '7');
    const refused = await post(fake, movieOf('a'));
    expect([refused.code, refused.json]).toEqual([400, { error: 'Insufficient credits' }]);
    expect((await call(fake, '/v2/movies')).code).toBe(503);
    expect((await call(fake, '/v2/templates')).code).toBe(502);
    expect((await call(fake, '/v2/movies?project=A', { apiKey: 'x' })).code).toBe(401);
    expect(await creditsOf(fake)).toMatchObject({ balance: 7 });
    expect((await call(fake, '/_fake/clock')).json).toEqual({ now: '2026-11-15T12:00:00.000Z' });
  });

  test('a file holds options; the command line wins, and adds to its rules', async () => {
    const file = join(folder, 'options.json');
    const faults = [{ match: { call: 'list' }, effect: { kind: 'status', code: 503 } }];
    writeFileSync(file, JSON.stringify({ credits: 5, timeScale: 1000, switches: { badKey: 403 }, faults }));
    const fake = await started('--config', file, '--credits', '9', '--switch', 'noCredits=401', '--no-cache');
    expect(await creditsOf(fake)).toMatchObject({ balance: 9 });
    expect((await call(fake, '/v2/movies')).code).toBe(503);
    const { json } = await call(fake, '/_fake/switches');
    expect(json).toMatchObject({ switches: { badKey: 403, noCredits: 401 } });
    for (let copy = 0; copy < 2; copy += 1) await post(fake, movieOf('a', 1));
    await expect.poll(() => creditsOf(fake)).toMatchObject({ balance: 7, spent: 2 });
  });

  test('killed and started again on its data folder, it still knows every movie', async () => {
    const first = await started('--data', folder);
    const { json } = await post(first, movieOf('a'));
    await running?.kill('SIGKILL');
    const second = await started('--data', folder);
    const { project } = z.object({ project: z.string() }).parse(json);
    expect((await call(second, `/v2/movies?project=${project}`)).json).toMatchObject({ movie: { project } });
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it cleanly', async (signal) => {
    const fake = await started();
    await post(fake, movieOf('a'));
    expect(await running?.kill(signal)).toMatchObject({ code: 0, stderr: '' });
  });

  test('the API key comes from JSON2VIDEO_API_KEY, else it is local-key', async () => {
    running = await serving(['--port', '0'], { JSON2VIDEO_API_KEY: 'mine' });
    const fake = z.object({ url: z.string() }).parse(running.said);
    expect((await call(fake, '/v2/templates', { apiKey: 'mine' })).code).toBe(200);
    expect((await call(fake, '/v2/templates', { apiKey: 'local-key' })).code).toBe(400);
  });

  test.each([
    [['--scenario', 'sunshine'], '--list-scenarios prints the names'],
    [['--switch', 'badKey=200'], 'it takes 400, 401, 403'],
    [['--fault', '{"match":{}}'], 'effect'],
    [['--config', '/nowhere.json'], 'cannot be read'],
    [['--start-at', 'soon'], 'It must be a time'],
    [['--port', 'x'], 'It must be a number from 0 to 65535'],
    [['--data', fileURLToPath(import.meta.url)], 'cannot be used as a data folder'],
    [['--sunshine'], 'unknown option'],
  ])('%j is bad usage: exit code 2, with the reason', async (args, message) => {
    const { code, stdout, stderr } = await ran(['--port', '0', ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  test('with --json a ledger file that cannot be read is one document', async () => {
    writeFileSync(join(folder, 'ledger.jsonl'), 'nonsense\n');
    const { code, stdout } = await ran(['--json', '--data', folder]);
    expect([code, JSON.parse(stdout)]).toEqual([
      2,
      { error: { code: 'OptionInvalid', message: expect.stringContaining('no ledger line') } },
    ]);
  });

  test('--list-scenarios prints them and ends', async () => {
    const asJson = await ran(['--list-scenarios', '--json']);
    expect([asJson.code, JSON.parse(asJson.stdout)]).toEqual([0, { scenarios: scenarioList() }]);
    const shown = await ran(['--list-scenarios']);
    expect(shown.stdout.split('\n')[0]).toMatch(/^lost-reply +the first submission/);
  });

  test('--help and --version end with exit code 0', async () => {
    const [help, version] = [await ran(['--help']), await ran(['--version'])];
    expect([help.code, version.code]).toEqual([0, 0]);
    expect(help.stdout).toContain('$ json2video-local --time-scale 20');
    expect(version.stdout.trim()).toBe('0.1.0');
  });

  test('every option is in the docs', () => {
    const docs = readFileSync(new URL('../../docs/control.md', import.meta.url), 'utf8');
    const { options } = addServerOptions(new Command());
    expect(options.length).toBeGreaterThan(12);
    expect(options.filter(({ long }) => !docs.includes(`\`${long}`)).map(({ long }) => long)).toEqual([]);
  });
});
