import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { everythingIn, foundIn } from './everything.js';
import { PERSON, QUOTED, SECRETS, type Traces, traceMainPath } from './main-path.js';

expectNoProcessLeft();

const KEY = randomBytes(32).toString('base64');

const PLACES = ['logs', 'metrics', 'outputs', 'errors', 'histories', 'database'] as const;

/** Where something was found, of all the places. */
function placesOf(text: string, traces: Traces): string[] {
  return PLACES.filter((place) => foundIn(traces[place], [text]).length > 0);
}

interface Case {
  readonly how: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where what is in the movies may be. */
  readonly open: readonly string[];
}

const CASES: readonly Case[] = [
  { how: 'without encryption', env: {}, open: ['histories', 'database'] },
  { how: 'with encryption', env: { RENDERONCE_ENCRYPTION_KEYS: `k:${KEY}` }, open: [] },
];

describe.each(CASES)('$how', ({ env, open }) => {
  let traces: Traces;
  beforeAll(async () => {
    traces = await traceMainPath(env);
  }, 300_000);

  test('the search does see, and everything happened: no place is empty', () => {
    expect(placesOf('doubt', traces)).toEqual(expect.arrayContaining(['outputs', 'histories', 'database']));
    // What the provider quoted was told to the caller, without the key.
    expect(placesOf('Invalid API key: [API key]', traces)).toEqual(['outputs', ...open]);
    expect(traces.logs).toContain('"level":20');
    expect(traces.metrics).toMatch(/renderonce_webhook_deliveries_total\{answer="taken"\} \d/);
    expect(traces.metrics).toMatch(/renderonce_submissions_total\{end="accepted"\} \d/);
    expect(traces.errors).toMatch(/MovieRejected[^]*IdempotencyKeyReused[^]*KeyNotFound[^]*KeyInvalid/);
    expect(traces.tokens.length).toBeGreaterThanOrEqual(3);
  });

  test('no secret and no webhook token is anywhere', () => {
    for (const secret of [...Object.values(SECRETS), KEY, ...traces.tokens, ...tokenEnds(traces)]) {
      expect(placesOf(secret, traces)).toEqual([]);
    }
  });

  test(`what is in the movies is in ${open.join(' and ') || 'no place at all'}`, () => {
    expect(placesOf(PERSON, traces)).toEqual(open);
  });

  test("the provider's words about a movie are told to its caller, and in no log or metric", () => {
    expect(placesOf(QUOTED, traces)).toEqual(['errors', ...open]);
  });
});

/** The part of each token that nobody but its holder can make. */
function tokenEnds({ tokens }: Traces): string[] {
  return tokens.map((token) => token.split('.').at(-1) ?? '');
}

test('the control: a text is found in whatever form it lies', () => {
  const secret = SECRETS.JSON2VIDEO_API_KEY;
  const around = ['', 'a', 'ab', 'abc'].map((before) =>
    Buffer.from(`${before}"${secret}/+?"`).toString('base64'),
  );
  const forms = [secret, encodeURIComponent(PERSON), Buffer.from(secret).toString('hex'), ...around];
  for (const form of forms) expect(foundIn(`... ${form} ...`, [secret, PERSON])).toHaveLength(1);
  expect(foundIn(everythingIn({ deep: [{ payload: Buffer.from(secret) }] }), [secret])).toEqual([secret]);
  expect(foundIn('nothing of the kind', [secret, PERSON])).toEqual([]);
});
