import { describe, expect, test } from 'vitest';

import type { FakeJson2Video, FaultRuleInput } from '../../src/index.js';
import type { Receiver } from './receiver.js';
import { exportsTo, releaseReceivers, startReceiver } from './receiver.js';
import { movieOf, releaseFakes, startFake, status, submit, until } from './support.js';

releaseFakes();
releaseReceivers();

const bodies = (receiver: Receiver): unknown[] =>
  receiver.received.map(({ text }): unknown => JSON.parse(text));
const count = (receiver: Receiver, wanted: number): Promise<void> =>
  until(() => receiver.received.length === wanted);
const sent = (fake: FakeJson2Video, wanted: number): Promise<void> =>
  until(() => fake.movies().flatMap((movie) => movie.webhooks).length === wanted);

type WebhookEffect = Extract<FaultRuleInput['effect'], { kind: 'webhook' }>;
const webhook = (
  action: WebhookEffect['action'],
  more: { n?: number; ms?: number } = {},
  match: FaultRuleInput['match'] = {},
): FaultRuleInput => ({ match, effect: { kind: 'webhook', action, ...more } });
const start = async (rule: FaultRuleInput): Promise<[FakeJson2Video, Receiver, object]> => {
  const [fake, receiver] = [await startFake({ faults: [rule] }), await startReceiver()];
  return [fake, receiver, exportsTo(receiver.url)];
};

describe('webhooks', () => {
  test('a finished movie is called back flat, with numbers as strings and without a status', async () => {
    const [fake, receiver] = [await startFake(), await startReceiver()];
    const project = await submit(
      fake,
      movieOf('a', 5, { id: 'mine', ...exportsTo(`${receiver.url}/hook?t=1`) }),
    );
    fake.advance(60);
    await sent(fake, 1);
    const { url, size } = await status(fake, project);
    expect(receiver.received).toMatchObject([{ path: '/hook?t=1', contentType: 'application/json' }]);
    const clientData = { renderonce: { key: 'a' }, order: 1 };
    const numbers = { width: '640', height: '360', duration: '5', size: String(size) };
    expect(bodies(receiver)).toEqual([{ ...numbers, url, project, id: 'mine', 'client-data': clientData }]);
    const at = expect.stringMatching(/^2026-11-15T12:01:/);
    expect(fake.movies()[0]?.webhooks).toEqual([
      { url: `${receiver.url}/hook?t=1`, at, status: 200, ms: expect.any(Number) },
    ]);
  });

  test('a failed movie is called back with its status and message', async () => {
    const [fake, receiver] = [await startFake(), await startReceiver()];
    const project = await submit(fake, { scenes: [], ...exportsTo(receiver.url) });
    fake.advance(60);
    await count(receiver, 1);
    const message = 'Movie duration cannot be zero';
    expect(bodies(receiver)).toEqual([{ project, status: 'error', message, 'client-data': {} }]);
  });

  test('a form is sent where the destination asks for one', async () => {
    const [fake, receiver] = [await startFake(), await startReceiver()];
    const form = 'application/x-www-form-urlencoded';
    const destination = { type: 'webhook', endpoint: receiver.url, 'content-type': form };
    const project = await submit(fake, movieOf('a', 5, { exports: [{ destinations: [destination] }] }));
    fake.advance(60);
    await count(receiver, 1);
    expect(receiver.received[0]?.contentType).toBe(form);
    const fields = new URLSearchParams(receiver.received[0]?.text);
    expect([fields.get('project'), fields.get('client-data')]).toEqual([
      project,
      '{"renderonce":{"key":"a"},"order":1}',
    ]);
  });

  test('destinations are called in order, once each, also after a failure, without redirects', async () => {
    const [fake, receiver] = [await startFake(), await startReceiver()];
    receiver.reply = { code: 307, headers: { location: '/elsewhere' } };
    const nobody = 'http://127.0.0.1:1/';
    await submit(fake, movieOf('a', 5, exportsTo(`${receiver.url}/one`, nobody, `${receiver.url}/two`)));
    fake.advance(60);
    await sent(fake, 3);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/one', '/two']);
    expect(fake.movies()[0]?.webhooks.map(({ status: code }) => code)).toEqual([307, null, 307]);
  });

  test('closing the fake drops a callback that is still waiting for its answer', async () => {
    const [fake, receiver] = [await startFake(), await startReceiver()];
    receiver.reply = 'silent';
    await submit(fake, movieOf('a', 5, exportsTo(receiver.url)));
    fake.advance(60);
    await count(receiver, 1);
    await fake.close();
    expect(fake.movies()[0]?.webhooks).toEqual([]);
  });
});

describe('webhook faults', () => {
  test('lose sends nothing for the movies it is about', async () => {
    const [fake, receiver, exported] = await start(webhook('lose', {}, { key: 'a' }));
    await submit(fake, movieOf('a', 5, exported));
    const other = await submit(fake, movieOf('b', 5, exported));
    fake.advance(60);
    await count(receiver, 1);
    expect(bodies(receiver)).toMatchObject([{ project: other }]);
  });

  test('duplicate sends the same again', async () => {
    const [fake, receiver, exported] = await start(webhook('duplicate', { n: 3 }));
    await submit(fake, movieOf('a', 5, exported));
    fake.advance(60);
    await sent(fake, 3);
    expect(new Set(receiver.received.map(({ text }) => text)).size).toBe(1);
  });

  test('early calls back before the submission is answered, and not again', async () => {
    const [fake, receiver, exported] = await start(webhook('early', {}, { key: 'a' }));
    const early = await submit(fake, movieOf('a', 5, exported));
    expect(bodies(receiver)).toMatchObject([{ project: early }]);
    expect(fake.movies()[0]?.status).toBe('pending');
    const regular = await submit(fake, movieOf('b', 5, exported));
    fake.advance(60);
    await count(receiver, 2);
    expect(bodies(receiver)).toMatchObject([{ project: early }, { project: regular }]);
  });

  test('late waits', async () => {
    const [fake, receiver, exported] = await start(webhook('late', { ms: 80 }));
    await submit(fake, movieOf('a', 5, exported));
    const started = performance.now();
    fake.advance(60);
    await count(receiver, 1);
    expect(performance.now() - started).toBeGreaterThanOrEqual(79);
  });

  test('reorder sends the callbacks of several movies in reverse', async () => {
    const [fake, receiver, exported] = await start(webhook('reorder', { n: 3 }));
    const projects: string[] = [];
    for (const key of ['a', 'b', 'c']) projects.push(await submit(fake, movieOf(key, 5, exported)));
    fake.advance(60);
    await count(receiver, 3);
    expect(bodies(receiver)).toMatchObject(projects.toReversed().map((project) => ({ project })));
  });

  test('forge adds a false success while the movie still runs; the true callback follows', async () => {
    const [fake, receiver, exported] = await start(webhook('forge'));
    const project = await submit(fake, movieOf('a', 5, exported));
    await count(receiver, 1);
    expect(fake.movies()[0]?.status).not.toBe('done');
    expect(bodies(receiver)).toMatchObject([{ project, url: expect.stringContaining('forged.invalid') }]);
    fake.advance(60);
    await count(receiver, 2);
    expect(bodies(receiver)[1]).toMatchObject({ project, url: expect.stringContaining(fake.url) });
  });

  test('wrong-project names a project that is not the movie', async () => {
    const [fake, receiver, exported] = await start(webhook('wrong-project'));
    const project = await submit(fake, movieOf('a', 5, exported));
    fake.advance(60);
    await count(receiver, 1);
    expect(bodies(receiver)).toMatchObject([{ project: expect.stringMatching(/^\w{16}$/) }]);
    expect(bodies(receiver)).not.toMatchObject([{ project }]);
  });
});
