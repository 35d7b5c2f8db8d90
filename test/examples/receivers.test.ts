import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { Destinations } from '../../src/events/destinations.js';
import { createEventSender } from '../../src/events/sender.js';
import { announcement } from '../../src/render/event.js';
import { Secret } from '../../src/text/secret.js';
import { startEventReceiver } from '../support/event-receiver.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { commandOf, type ExampleReceiver, openReceiver } from '../support/receivers.js';

expectNoProcessLeft();

const SECRET = 'whsec_YSBzZWNyZXQgb2YgMzIgYnl0ZXMgZm9yIHRlc3RzIQ==';

interface Signed {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs an event as a worker does. */
async function signed(key: string): Promise<Signed> {
  const catcher = await startEventReceiver();
  const destinations = new Destinations({ url: catcher.url, secrets: [new Secret(SECRET)] });
  const sender = createEventSender({ destinations, allowPrivate: true, now: Date.now });
  const data = { key, status: 'done', url: `https://assets.example.com/${key}.mp4` };
  await sender.attempt(
    announcement('render.done', { key, firstRunId: 'run', at: new Date().toISOString() }, data),
    'default',
    'default',
  );
  await sender.close();
  await catcher.stop();
  const [got] = catcher.received;
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  return {
    body: got?.body ?? '',
    headers: Object.fromEntries(names.map((name) => [name, String(got?.headers[name])])),
  };
}

/** Posts an event; 0 if no answer comes. */
function post(url: string, { body, headers }: Signed): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(url, { method: 'POST', headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}

let receiver: ExampleReceiver | undefined;
afterEach(async () => {
  await receiver?.kill();
  receiver = undefined;
});

const languages = await Promise.all(
  (['typescript', 'python', 'php'] as const).map(async (name) => [name, await commandOf(name)] as const),
);

describe.each(languages)('the receiver in %s', (_name, command) => {
  test.skipIf(typeof command === 'string')(
    'has one effect of an event that is delivered twice, and none of one that nobody signed',
    async () => {
      if (typeof command === 'string') return;
      receiver = await openReceiver(command, SECRET);
      await receiver.start();
      const event = await signed('order-1');
      expect([await post(receiver.url, event), await post(receiver.url, event)]).toEqual([204, 204]);
      const forged = { ...event, body: event.body.replace('order-1', 'order-2') };
      expect(await post(receiver.url, forged)).toBe(400);
      expect([...(await receiver.effects()).values()]).toEqual([1]);
    },
  );

  test.skipIf(typeof command === 'string')(
    'has one effect of each event, however often it is killed between effect and answer',
    async () => {
      if (typeof command === 'string') return;
      receiver = await openReceiver(command, SECRET);
      await receiver.start();
      const events = await Promise.all(Array.from({ length: 6 }, (_, index) => signed(`order-${index}`)));
      for (const [index, event] of events.entries()) {
        const answer = post(receiver.url, event);
        // From the begin of the request to after the answer, which counts as lost.
        if (index % 3 === 2) await answer;
        else await new Promise((resolve) => setTimeout(resolve, index % 3 === 0 ? 1 : 5));
        await receiver.kill();
        await receiver.start();
        expect(await post(receiver.url, event)).toBe(204);
        expect(await post(receiver.url, event)).toBe(204);
      }
      const effects = await receiver.effects();
      expect([...effects.values()]).toEqual(events.map(() => 1));
      expect(new Set(effects.keys())).toEqual(new Set(events.map(({ headers }) => headers['webhook-id'])));
    },
    120_000,
  );
});
