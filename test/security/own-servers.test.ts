import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWebhookHandler } from '../../src/receiver/index.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { SECRET } from '../support/stage.js';
import { OWN_SERVERS, type OwnServer, startParsingExpress } from './own-servers.js';
import { closeSenders, RawSender, statusIn } from './raw-sender.js';
import { CLAIM, pathFor, rawRequest, receiverStage } from './receiver-stage.js';

expectNoProcessLeft();
const at = receiverStage();
closeSenders();

async function send(url: string, request: string): Promise<number | undefined> {
  const sender = await RawSender.connect(url);
  const answer = await sender.send(request).answered();
  await sender.close();
  return statusIn(answer);
}

describe.each(Object.entries(OWN_SERVERS))('in %s', (_name, start) => {
  let server: OwnServer;
  beforeAll(async () => {
    server = await start(at.stage.client);
  });
  afterAll(() => server.close());

  test('a delivery in any shape is acknowledged once the engine holds it', async () => {
    const key = await at.openKey();
    const path = pathFor(key);
    const form = `movie[project]=p2&movie[status]=done`;
    expect(await send(server.url, rawRequest(path, CLAIM))).toBe(200);
    expect(await send(server.url, rawRequest(`${path}?retry=1`, CLAIM))).toBe(200);
    expect(
      await send(
        server.url,
        rawRequest(path, form, ['Content-Type: urlencoded', `Content-Length: ${form.length}`]),
      ),
    ).toBe(200);
    expect(await at.signalsOf(key)).toBe(2);
  });

  test('strangers are 404, what names no project 400, what is too large 413, and nothing is signalled', async () => {
    const key = await at.openKey();
    const nested = `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
    const answers = {
      nonsense: await send(server.url, rawRequest('/json2video/nonsense', CLAIM)),
      foreign: await send(server.url, rawRequest(pathFor(key, 'x'.repeat(32)), CLAIM)),
      nobody: await send(server.url, rawRequest(pathFor('nobody-asked'), CLAIM)),
      unreadable: await send(server.url, rawRequest(pathFor(key), '{}')),
      nested: await send(server.url, rawRequest(pathFor(key), nested)),
      large: await send(server.url, rawRequest(pathFor(key), 'x'.repeat(65_537))),
    };
    expect(answers).toEqual({
      nonsense: 404,
      foreign: 404,
      nobody: 404,
      unreadable: 400,
      nested: 400,
      large: 413,
    });
    expect(await at.signalsOf(key)).toBe(0);
  });
});

// A parser in front of the handler waits for the body, whoever sends it.
const UNPARSED = Object.entries(OWN_SERVERS).filter(([name]) => !name.includes('parser'));

test.each(UNPARSED)('in %s a stranger is answered before the body has come', async (_name, start) => {
  const server = await start(at.stage.client);
  const head = rawRequest('/json2video/nonsense', '', ['Content-Length: 50']);
  expect(await send(server.url, head)).toBe(404);
  await server.close();
});

test('a parser that took the bytes away is told to whoever runs the server, and nothing is lost in silence', async () => {
  const server = await startParsingExpress(at.stage.client);
  const key = await at.openKey();
  const sender = await RawSender.connect(server.url);
  const answer = await sender.send(rawRequest(pathFor(key), CLAIM)).answered();
  expect(answer).toMatch(/^HTTP\/1\.1 500[^]*mount the handler in front of body parsers/);
  await sender.close();
  await server.close();
  expect(await at.signalsOf(key)).toBe(0);
});

describe('a route handler of Fetch API requests, as in Next.js', () => {
  const post = (url: string, init: RequestInit = {}) => {
    const handle = createWebhookHandler({ client: at.stage.client, secrets: [SECRET] });
    return handle(new Request(url, { method: 'POST', ...init }));
  };

  test('answers by the last two segments of the path, wherever it is mounted', async () => {
    const key = await at.openKey();
    for (const prefix of ['https://shop.example', 'https://shop.example/api']) {
      expect((await post(`${prefix}${pathFor(key)}?x=1`, { body: CLAIM })).status).toBe(200);
    }
    expect((await post(`https://shop.example/hooks${pathFor(key)}/more`, { body: CLAIM })).status).toBe(404);
    expect((await post(`https://shop.example${pathFor(key)}`)).status).toBe(400);
    expect(await at.signalsOf(key)).toBe(1);
  });

  test('gives up on a body that does not come', async () => {
    const handle = createWebhookHandler({ client: at.stage.client, secrets: [SECRET], bodyMs: 50 });
    const body = new ReadableStream({ pull: () => new Promise(() => undefined) });
    const url = `https://shop.example${pathFor(await at.openKey())}`;
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' };
    expect((await handle(new Request(url, init))).status).toBe(408);
  });
});
