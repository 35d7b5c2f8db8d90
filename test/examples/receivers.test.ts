import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Destinations } from '../../src/events/destinations.js';
import { createEventSender } from '../../src/events/sender.js';
import { announcement } from '../../src/render/event.js';
import { Secret } from '../../src/text/secret.js';
import { startEventReceiver } from '../support/event-receiver.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { plantDist } from '../support/planted-dist.js';
import { type Command, commandOf, type ExampleReceiver, openReceiver } from '../support/receivers.js';
import { until } from '../support/until.js';

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

/** Where the receiver waits when it runs for the first time, so that it can be killed there. */
const PAUSE = `if (!existsSync(DATABASE + '.paused')) {
      writeFileSync(DATABASE + '.paused', '');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000);
    }`;
const COMMIT = "database.exec('COMMIT');";
const STORE = "database.prepare('INSERT OR IGNORE INTO seen_events VALUES (?)').run(event.id)";

/** Changes of the receiver in TypeScript: it pauses between effect and commit, or stores the ID only after the commit. */
const CHANGES = {
  in: [[COMMIT, `${PAUSE}\n${COMMIT}`]],
  after: [
    [`const { changes } = ${STORE};`, 'const changes = isSeen(event.id) ? 0 : 1;'],
    [COMMIT, `${COMMIT}\n${PAUSE}\n${STORE};`],
    [
      '/** Has the effect',
      'const isSeen = (id: string): boolean => database.prepare("SELECT 1 FROM seen_events WHERE id = ?").get(id) !== undefined;\n/** Has the effect',
    ],
  ],
} as const;

async function changedReceiver(
  command: Command,
  changes: readonly (readonly [from: string, to: string])[],
): Promise<{ readonly command: Command; readonly remove: () => Promise<void> }> {
  const planted = await plantDist([]);
  const file = join(dirname(planted.dist), 'receiver.ts');
  const original = command(0).args.at(-1) ?? '';
  let code = `import { existsSync, writeFileSync } from 'node:fs';\n${await readFile(original, 'utf8')}`;
  for (const [from, to] of changes) {
    expect(code.split(from)).toHaveLength(2);
    code = code.replace(from, () => to);
  }
  await writeFile(file, code);
  const args = [...command(0).args.slice(0, -1), file];
  return { command: (port) => ({ ...command(port), args }), remove: () => planted.remove() };
}

test.skipIf(typeof languages[0]?.[1] === 'string').each([
  ['in', 1],
  ['after', 2],
] as const)(
  'an ID that is stored %s the transaction of the effect: %i of it after a kill between the two; the second is the control',
  async (where, count) => {
    const [, original] = languages[0] ?? [];
    if (typeof original !== 'function') return;
    const { command, remove } = await changedReceiver(original, CHANGES[where]);
    receiver = await openReceiver(command, SECRET);
    const paused = `${receiver.database}.paused`;
    try {
      await receiver.start();
      const event = await signed('order-1');
      const answer = post(receiver.url, event);
      await until('the receiver pauses', () => existsSync(paused));
      await receiver.kill();
      expect(await answer).toBe(0);
      await receiver.start();
      expect(await post(receiver.url, event)).toBe(204);
      expect([...(await receiver.effects()).values()]).toEqual([count]);
    } finally {
      await remove();
    }
  },
);
