import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyEvent } from '../../src/events/verify.js';
import { type EventReceiver, startEventReceiver } from '../support/event-receiver.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { call, pathOf } from './http-stage.js';
import { makeTokens } from './tokens-for-tests.js';

expectNoProcessLeft();

const SECRET = 'whsec_YSBzZWNyZXQgb2YgMzIgYnl0ZXMgZm9yIHRlc3RzIQ==';
const { tokens, env } = makeTokens({ shop: ['submit+read', 'shop'], boss: ['admin'] });

let stage: Stage;
let server: Running;
let receiver: EventReceiver;
beforeAll(async () => {
  stage = await openStage();
  receiver = await startEventReceiver((response) => void response.writeHead(204).end());
  const file = join(stage.folder, 'destinations.json');
  const { url } = receiver;
  const destinations = {
    shop: { url: `${url}/shop`, secret: SECRET, tenants: ['shop'] },
    office: { url: `${url}/office`, secret: SECRET },
  };
  await writeFile(file, JSON.stringify(destinations));
  const variables = {
    ...env,
    RENDERONCE_DESTINATIONS: file,
    RENDERONCE_EVENTS_URL: url,
    RENDERONCE_EVENTS_SECRET: SECRET,
    RENDERONCE_EVENTS_PRIVATE: 'allow',
    RENDERONCE_NOTIFY_HOSTS: new URL(url).host,
  };
  [server] = await Promise.all([stage.startServer(variables), stage.hostWorker(variables)]);
});
afterAll(async () => {
  await stage.close();
  await receiver.stop();
});

const put = (key: string, notify: unknown, token = tokens.boss) =>
  call(server, 'PUT', pathOf(key), { token, body: { movie: CARD, options: { notify } } });

test('a destination and an address that a tool handed out each get the end of the render', async () => {
  const key = freshKey('notify');
  const address = `${receiver.url}/resume?execution=7`;
  expect((await put(key, ['office', { url: address }])).status).toBe(201);
  const events = () =>
    receiver.received
      .map(({ body, headers }) => verifyEvent(body, headers, SECRET))
      .filter(({ data }) => 'key' in data && data.key === key);
  await expect.poll(() => events().length, { timeout: 30_000 }).toBe(2);
  expect(events().map(({ type }) => type)).toEqual(['render.done', 'render.done']);
});

test('a tenant names its own destination', async () => {
  const key = freshKey('own');
  expect((await put(key, ['shop'], tokens.shop)).status).toBe(201);
});

describe('receivers that a caller may not name start nothing', () => {
  test.each<[string, unknown, string]>([
    ['an unknown destination', ['nobody'], 'nobody'],
    ['a host that is not allowed', [{ url: 'http://127.0.0.1:9/x' }], 'RENDERONCE_NOTIFY_HOSTS'],
    ['an empty address', [{ url: '' }], 'notify'],
    ['another protocol', [{ url: 'ftp://127.0.0.1/x' }], 'notify'],
    ['more than ten', Array.from({ length: 11 }, () => 'office'), 'notify'],
  ])('%s', async (_, notify, word) => {
    const key = freshKey('refused');
    const { status, body } = await put(key, notify);
    expect({ status, code: body['code'] }).toEqual({ status: 400, code: 'OptionsInvalid' });
    expect(body['detail']).toContain(word);
    await expect(stage.renders.status(key)).rejects.toMatchObject({ code: 'KeyNotFound' });
  });

  test("a tenant's token does not learn of the destinations of others", async () => {
    const words = async (name: string): Promise<string> =>
      String((await put(freshKey('foreign'), [name], tokens.shop)).body['detail']).replace(name, 'NAME');
    expect(await words('office')).toBe(await words('nobody'));
  });
});
