import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { OptionInvalid, readFakeConfig } from '../../src/index.js';
import { switchSetting } from '../../src/switch-board.js';
import { call, movieOf, post, releaseFakes, startFake } from './support.js';

releaseFakes();

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fake-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function written(text: string): string {
  const file = join(folder, 'fake.json');
  writeFileSync(file, text);
  return file;
}

const TEMPLATE = 'LerKrmBfiqaIgBuacLWn';
const WHOLE = {
  apiKey: 'mine',
  keys: { looker: { role: 'viewer', expiresAt: '2099-01-01T00:00:00.000Z' } },
  timeScale: 10,
  fixedClock: true,
  startAt: '2026-11-15T12:00:00.000Z',
  seed: 7,
  credits: 50,
  plan: { maxWidth: 1280, maxHeight: 720, concurrentRenders: 2 },
  cache: false,
  renderSeconds: 10,
  renderJitter: 0.1,
  switches: { badKey: 401 },
  scenarios: ['lost-webhooks'],
  faults: [{ match: { call: 'create', nth: 1 }, effect: { kind: 'status', code: 503 } }],
  templates: { [TEMPLATE]: { movie: movieOf('t'), name: 'Listing', tags: ['house'] } },
  connections: { hook: { type: 'webhook', endpoint: 'http://127.0.0.1:1/', headers: { a: 'b' } } },
  webhookTimeoutSeconds: 1,
  exportSeconds: 10,
  maxMovies: 1_000,
};

describe('options in a file', () => {
  test('everything in it is in force: keys, plan, switches, scenarios, faults, templates', async () => {
    const fake = await startFake(readFakeConfig(written(JSON.stringify(WHOLE))));
    const apiKey = 'mine';
    const codes = [
      (await post(fake, movieOf('a'), { apiKey })).code,
      (await post(fake, movieOf('a'), { apiKey })).code,
      (await post(fake, movieOf('a', 5, { resolution: 'full-hd' }), { apiKey })).code,
      (await post(fake, { template: TEMPLATE }, { apiKey })).code,
      (await post(fake, movieOf('a'), { apiKey: 'looker' })).code,
      (await post(fake, movieOf('a'))).code,
    ];
    expect(codes).toEqual([503, 200, 401, 200, 403, 401]);
    expect(fake.credits().balance).toBe(50);
    expect(fake.switches()).toMatchObject({ badKey: 401, webhookDelivery: 'lost' });
    expect((await call(fake, '/v2/movies', { apiKey: 'looker' })).code).toBe(200);
  });

  test.each([
    ['{', '"(whole file)" is not usable'],
    ['{"timeScale":"fast"}', '"timeScale" is not usable'],
    ['{"switches":{"badKey":200}}', '"switches.badKey" is not usable'],
    ['{"scenarios":["sunshine"]}', '"scenarios.0" is not usable'],
    ['{"faults":[{"match":{},"effect":{"kind":"explode"}}]}', '"faults.0.effect.kind" is not usable'],
    ['{"keys":{"a":{"role":"king"}}}', '"keys.a.role" is not usable'],
    ['{"colour":"red"}', '"(whole file)" is not usable: Unrecognized key: "colour"'],
  ])('the file %s is refused, naming the field', (text, message) => {
    expect(() => readFakeConfig(written(text))).toThrow(message);
    expect(() => readFakeConfig(written(text))).toThrow(OptionInvalid);
  });

  test('a file that is not there is refused by name', () => {
    expect(() => readFakeConfig(join(folder, 'none.json'))).toThrow('none.json cannot be read');
  });
});

describe('a switch on the command line', () => {
  test.each([
    ['badKey=401', { badKey: 401 }],
    ['webhookPayload=P2', { webhookPayload: 'P2' }],
    ['listLagSeconds=2.5', { listLagSeconds: 2.5 }],
  ])('%s', (text, setting) => {
    expect(switchSetting(text)).toEqual(setting);
  });

  test.each(['badKey', 'badKey=', 'badKey=402', 'nothing=1', ''])('%j is refused', (text) => {
    expect(() => switchSetting(text)).toThrow(/switch/);
  });
});
