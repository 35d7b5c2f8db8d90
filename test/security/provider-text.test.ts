import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { classifyReading } from '../../src/json2video/classify-reading.js';
import { createJson2Video, type Json2Video } from '../../src/json2video/client.js';
import { parseWebhook } from '../../src/json2video/webhook-payload.js';
import { classifySubmission } from '../../src/render/submission.js';
import { answering, jsonReply, releaseServers } from '../unit/raw-server.js';

const clients = new Set<Json2Video>();
releaseServers();
afterEach(async () => {
  await Promise.all([...clients].map((client) => client.close()));
  clients.clear();
});

const API_KEY = 'a-key-that-a-provider-quotes$&';

async function clientOn(reply: string): Promise<Json2Video> {
  const { url } = await answering(reply);
  const client = createJson2Video({ url: url.origin, apiKey: API_KEY, now: () => 0 });
  clients.add(client);
  return client;
}

const submit = (client: Json2Video) =>
  client.submit(
    { scenes: [] },
    {
      connectTimeoutMs: 5_000,
      replyTimeoutMs: () => 5_000,
      fence: () => Promise.resolve(),
      mayBegin: () => true,
    },
  );

describe('an API key that the provider quotes goes no further', () => {
  const quoting = jsonReply('403 Forbidden', { success: false, message: `Invalid API key: ${API_KEY}` });

  test('not into the end of a submission', async () => {
    const submission = classifySubmission(await submit(await clientOn(quoting)));
    expect(submission).toMatchObject({ end: 'refused', message: 'Invalid API key: [API key]' });
  });

  test('not into a reading', async () => {
    const reading = await (await clientOn(quoting)).read('a');
    expect(reading).toMatchObject({ says: 'unreadable', message: 'Invalid API key: [API key]' });
  });

  test('not into the failure of a look', async () => {
    const look = async () => {
      for await (const movies of (await clientOn(quoting)).list(new Date(0))) expect(movies).toEqual([]);
    };
    await expect(look()).rejects.toThrow(/Invalid API key: \[API key\]/);
  });
});

/** The longest text within a value. */
function longestIn(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Math.max(0, ...Object.values(value).map(longestIn));
}

describe("a provider's text is bounded, wherever it stands", () => {
  const long = 'x'.repeat(100_000);
  const names = ['project', 'status', 'message', 'error', 'url', 'ass', 'created_at', 'ended_at', 'progress'];

  test('in every field of a reading', () => {
    for (const status of [200, 400, 403, 404, 429, 500]) {
      for (const state of ['done', 'error', 'timeout', 'running', long]) {
        for (const name of names) {
          const movie = { project: 'p', url: 'https://v', status: state, [name]: long };
          for (const body of [{ movie }, { message: long, success: false }, { error: long }]) {
            const reading = classifyReading({ status, body: JSON.stringify(body) });
            expect(longestIn(reading)).toBeLessThanOrEqual(4_096);
          }
        }
      }
    }
  });

  test('in client-data, which may hold what a movie may hold', () => {
    const reading = (text: string) =>
      classifyReading({
        status: 200,
        body: JSON.stringify({ movie: { status: 'done', url: 'https://v', 'client-data': { text } } }),
      });
    expect(reading('mine')).toMatchObject({ video: { clientData: { text: 'mine' } } });
    expect(reading('x'.repeat(1_600_000))).toMatchObject({ video: { clientData: {} } });
  });

  test('in every end of a submission', () => {
    for (const status of [200, 302, 400, 401, 403, 404, 408, 413, 429, 500, 502]) {
      for (const body of [long, ...[...names, 'success'].map((name) => JSON.stringify({ [name]: long }))]) {
        const reply = { from: 'reply', status, body, complete: true, at: '' } as const;
        expect(longestIn(classifySubmission(reply))).toBeLessThanOrEqual(300);
      }
    }
    const engine = { from: 'preparation', waitingFor: 'the engine', message: long } as const;
    for (const evidence of [engine, { from: 'failure', message: long } as const]) {
      expect(longestIn(classifySubmission(evidence))).toBeLessThanOrEqual(300);
    }
  });

  test('in a webhook', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (status, more) => {
        const body = JSON.stringify({ project: `p${more}`, status, url: long, message: long });
        expect(longestIn(parseWebhook('application/json', body))).toBeLessThanOrEqual(64);
      }),
    );
    expect(
      parseWebhook('application/json', JSON.stringify({ project: 'p', status: long }))?.status,
    ).toHaveLength(40);
  });
});
