import { describe, expect, test } from 'vitest';

import { exportsTo, releaseReceivers, startReceiver } from './receiver.js';
import { call, movieOf, post, releaseFakes, startFake, status, submit, until } from './support.js';

releaseFakes();
releaseReceivers();

/** Facts about the API that no other file is about; each test's name says the fact. */
describe('authentication and replies', () => {
  test('the key is read from `x-api-key` only: no Bearer, no query key', async () => {
    const fake = await startFake();
    const headers = { authorization: 'Bearer local-key' };
    for (const path of ['/v2/movies', '/v2/movies?api_key=local-key&x-api-key=local-key']) {
      const answer = await call(fake, path, { apiKey: null, headers });
      expect([answer.code, answer.json]).toEqual([
        400,
        { success: false, message: 'Error: API Key not provided' },
      ]);
    }
  });

  test('replies are JSON objects; POST answers 200, without a Location header', async () => {
    const fake = await startFake();
    const { code, headers } = await post(fake, movieOf('a'));
    expect([code, headers['content-type'], headers.location]).toEqual([200, 'application/json', undefined]);
  });

  test('the request body is read as JSON with every content type', async () => {
    const fake = await startFake();
    for (const contentType of ['application/json; charset=utf-8', 'text/plain', 'application/octet-stream']) {
      const answer = await post(fake, movieOf('a'), { headers: { 'content-type': contentType } });
      expect(answer.code).toBe(200);
    }
  });
});

describe('submissions', () => {
  test('client-data holds any JSON types and is echoed as it was; without it, it is {}', async () => {
    const fake = await startFake({ cache: false });
    const clientData = { text: 'ä', number: 1.5, yes: true, none: null, list: [1, { deep: [] }] };
    const project = await submit(fake, movieOf('a', 5, { 'client-data': clientData }));
    expect((await status(fake, project))['client-data']).toEqual(clientData);
    const bare = await submit(fake, { scenes: [{ duration: 1, elements: [{ type: 'text', text: 'a' }] }] });
    expect((await status(fake, bare))['client-data']).toEqual({});
  });

  test('in a template render the exports of the request replace those of the template', async () => {
    const receiver = await startReceiver();
    const id = 'LerKrmBfiqaIgBuacLWn';
    const movie = movieOf('t', 5, exportsTo(`${receiver.url}/template`));
    const fake = await startFake({ templates: { [id]: { movie } }, cache: false });
    await submit(fake, { template: id, ...exportsTo(`${receiver.url}/request`) });
    await submit(fake, { template: id });
    fake.advance(60);
    await until(() => receiver.received.length === 2);
    expect(receiver.received.map(({ path }) => path).toSorted()).toEqual(['/request', '/template']);
  });

  test('there is no top-level `webhook` field: it is ignored', async () => {
    const [fake, receiver] = [await startFake(), await startReceiver()];
    await submit(fake, movieOf('a', 5, { webhook: receiver.url, ...exportsTo(`${receiver.url}/exported`) }));
    fake.advance(60);
    await until(() => receiver.received.length === 1);
    expect(receiver.received[0]?.path).toBe('/exported');
  });

  test('500 answers {error}, gateways answer HTML, as fault rules put it', async () => {
    const body = { error: 'Error storing movie JSON' };
    const fake = await startFake({
      faults: [
        { match: { call: 'create' }, effect: { kind: 'status', code: 500, body }, times: 1 },
        { match: { call: 'create' }, effect: { kind: 'status', code: 502, body: '<h1>Bad Gateway</h1>' } },
      ],
    });
    const [first, second] = [await post(fake, movieOf('a')), await post(fake, movieOf('a'))];
    expect([first.code, first.json]).toEqual([500, body]);
    expect([second.code, second.text, second.json]).toEqual([502, '<h1>Bad Gateway</h1>', undefined]);
  });
});

const range = (from: string): string => `/v2/movies?date_start=${from}&date_end=2026-11-15`;

describe('status, list and deletion', () => {
  test('limit=1&format=simple is the cheapest read of the balance', async () => {
    const fake = await startFake({ credits: 1807 });
    const { json } = await call(fake, '/v2/movies?limit=1&format=simple');
    expect(json).toMatchObject({ count: 0, movies: [], remaining_quota: { time: 1807 } });
  });

  test('numbers are JSON numbers in the status reply, and strings in the flat callback', async () => {
    const [fake, receiver] = [await startFake(), await startReceiver()];
    const project = await submit(fake, movieOf('a', 2.5, exportsTo(receiver.url)));
    fake.advance(60);
    await until(() => receiver.received.length === 1);
    const { duration, size, width, rendering_time: rendered } = await status(fake, project);
    expect([duration, width]).toEqual([2.5, 640]);
    expect([Number.isInteger(size), Number.isInteger(rendered)]).toEqual([true, true]);
    expect(receiver.received[0]?.text).toContain(`"size":"${String(size)}"`);
  });

  test('deleted movies stay listed; deleting works after the file has expired, too, and refunds nothing', async () => {
    const fake = await startFake();
    const project = await submit(fake);
    fake.advance(8 * 24 * 3600);
    const path = `/v2/movies?project=${project}`;
    const { json } = await call(fake, path, { method: 'DELETE' });
    expect(json).toMatchObject({ success: true, project, deleted_at: expect.any(String) });
    const list = await call(fake, '/v2/movies?date_start=2026-11-01');
    expect(list.json).toMatchObject({ movies: [{ project, url: null, deleted_at: expect.any(String) }] });
    expect(fake.credits().spent).toBe(5);
  });

  test('there is no filter by status, client-data or id in list mode', async () => {
    const fake = await startFake();
    await submit(fake);
    const { json } = await call(fake, '/v2/movies?status=done&client-data=x');
    expect(json).toMatchObject({ count: 1 });
  });

  test('93 days are allowed, to the day', async () => {
    const fake = await startFake();
    expect((await call(fake, range('2026-08-15'))).code).toBe(200);
    expect((await call(fake, range('2026-08-14'))).code).toBe(400);
  });
});

describe('callbacks', () => {
  test('the method is always POST, there is no signature, and the name of the event is not sent', async () => {
    const [fake, receiver] = [await startFake(), await startReceiver()];
    await submit(fake, movieOf('a', 5, exportsTo(receiver.url)));
    fake.advance(60);
    await until(() => receiver.received.length === 1);
    const [{ method, headers, text } = { method: '', headers: {}, text: '' }] = receiver.received;
    expect(method).toBe('POST');
    expect(Object.keys(headers).filter((name) => /signature|hmac|event|authorization/.test(name))).toEqual(
      [],
    );
    expect(text).not.toContain('movie.completed');
  });

  test('several destinations run in order: the next starts when the one before it has answered', async () => {
    const [fake, receiver] = [await startFake(), await startReceiver()];
    receiver.reply = 'silent';
    await submit(fake, movieOf('a', 5, exportsTo(`${receiver.url}/one`, `${receiver.url}/two`)));
    fake.advance(60);
    await until(() => receiver.received.length === 1);
    receiver.reply = { code: 200 };
    receiver.hangUp();
    await until(() => receiver.received.length === 2);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/one', '/two']);
  });
});
