import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callCommand } from '../support/call-command.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { openStage, type Stage } from '../support/stage.js';
import { call } from './http-stage.js';

expectNoProcessLeft();

const TEMPLATE = 'LerKrmBfiqaIgBuacLWn';
const UNKNOWN = 'AAAAAAAAAAAAAAAAAAAA';
const PRICE = {
  credits: 7,
  bound: 'exact',
  parts: [{ what: '7 s of video', credits: 7 }],
};
const unread = (template: string, why: RegExp) => ({
  credits: 0,
  bound: 'unknown',
  parts: [
    {
      what: expect.stringMatching(new RegExp(`^template ${template}, which was not read${why.source}`)),
      credits: 0,
      path: 'template',
    },
  ],
});

let stage: Stage;
let servers: Record<'keyed' | 'keyless' | 'away', Running>;
let folder: string;
/** Nothing listens at port 9. */
const AWAY = { JSON2VIDEO_URL: 'http://127.0.0.1:9' };
beforeAll(async () => {
  const movie = { scenes: [{ duration: 7, elements: [{ type: 'text', text: 'Hello' }] }] };
  folder = await mkdtemp(join(tmpdir(), 'renderonce-quote-'));
  stage = await openStage({ provider: { templates: { [TEMPLATE]: { movie } } } });
  const [keyed, keyless, away] = await Promise.all([
    stage.startServer(),
    stage.startServer({ JSON2VIDEO_API_KEY: '' }),
    stage.startServer(AWAY),
  ]);
  servers = { keyed, keyless, away };
});
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

const CASES: [keyof typeof servers, string, string, object][] = [
  ['keyed', 'the price of its template', TEMPLATE, PRICE],
  ['keyed', 'that the provider does not know it', UNKNOWN, unread(UNKNOWN, /: .*not found/)],
  [
    'away',
    'that the provider cannot be reached',
    TEMPLATE,
    unread(TEMPLATE, /: the template cannot be read: /),
  ],
  ['keyless', 'that it was not read', TEMPLATE, unread(TEMPLATE, /$/)],
];

test.each(CASES)('a template render has a quote over HTTP (%s): %s', async (name, _, template, quote) => {
  const body = { template, variables: {} };
  expect((await call(servers[name], 'POST', '/v1/quote', { body })).body).toEqual(quote);
  expect((await call(servers[name], 'POST', '/v1/check', { body })).body).toMatchObject({ ok: true, quote });
  expect(await stage.fake.requests({ call: 'create' })).toEqual([]);
});

test.each(CASES)('a template render has a quote by command (%s): %s', async (name, _, template, quote) => {
  const path = join(folder, 'movie.json');
  await writeFile(path, JSON.stringify({ template }));
  const env = {
    keyed: { JSON2VIDEO_URL: stage.fake.url, JSON2VIDEO_API_KEY: stage.fake.apiKey },
    keyless: { JSON2VIDEO_URL: stage.fake.url },
    away: { ...AWAY, JSON2VIDEO_API_KEY: stage.fake.apiKey },
  }[name];
  const [quoted, checked] = [
    await callCommand(['quote', path, '--json'], env),
    await callCommand(['check', path, '--json'], env),
  ];
  expect(JSON.parse(quoted.stdout)).toEqual(quote);
  expect(JSON.parse(checked.stdout)).toMatchObject({ ok: true, quote });
});
