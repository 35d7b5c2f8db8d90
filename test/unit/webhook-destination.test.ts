import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/text/json.js';
import { hasWebhook, withWebhook } from '../../src/movie/webhook-destination.js';
import { WEBHOOK_PATH } from '../../src/text/redact.js';

const ENDPOINT = `https://renders.example.com${WEBHOOK_PATH}/v1.b3JkZXItMQ.1795600000.c2lnbmF0dXJl`;
const OURS = { type: 'webhook', endpoint: ENDPOINT, 'content-type': 'application/json' };
const SFTP = { type: 'sftp', host: 'files.example.com', username: 'u', password: 'p', 'remote-path': '/v' };
const SAVED = { id: 'my-sftp', file: '__yyyy__-__mm__-__dd__-__random__.mp4' };
const THEIRS = { type: 'webhook', endpoint: 'https://backend.example.com/hook?token=1' };
const EMAIL = { type: 'email', to: 'a@example.com', subject: 's', message: '__video_url__' };
const MOVIE = { resolution: 'hd', scenes: [{ elements: [{ type: 'text', text: 'Hello' }] }] };

describe('a webhook destination', () => {
  test('stands behind the caller’s own, since destinations run in order', () => {
    const movie = { ...MOVIE, exports: [{ destinations: [SAVED, SFTP, THEIRS, EMAIL] }] };
    expect(withWebhook(movie, ENDPOINT)).toEqual({
      ...MOVIE,
      exports: [{ destinations: [SAVED, SFTP, THEIRS, EMAIL, OURS] }],
    });
  });

  test('stands in the first entry of several, and the others stay', () => {
    const others = [{ destinations: [THEIRS] }, { destinations: [] }, 'odd'];
    const movie = { ...MOVIE, exports: [{ format: 'mp4', destinations: [SFTP] }, ...others] };
    expect(withWebhook(movie, ENDPOINT)).toEqual({
      ...MOVIE,
      exports: [{ format: 'mp4', destinations: [SFTP, OURS] }, ...others],
    });
  });

  test.each<[string, JsonObject]>([
    ['no exports', MOVIE],
    ['empty exports', { ...MOVIE, exports: [] }],
    ['an entry without destinations', { ...MOVIE, exports: [{}] }],
    ['an entry with empty destinations', { ...MOVIE, exports: [{ destinations: [] }] }],
  ])('is the only one if a movie has %s', (_, movie) => {
    expect(withWebhook(movie, ENDPOINT)).toEqual({ ...MOVIE, exports: [{ destinations: [OURS] }] });
  });

  test.each<[string, Json]>([
    ['null', null],
    ['an object', { destinations: [SFTP] }],
    ['a text', 'webhook'],
    ['a list whose first entry is null', [null, { destinations: [] }]],
    ['a list whose first entry is a list', [[SFTP]]],
    ['a list whose first entry is a text', ['webhook']],
    ['an entry whose destinations are null', [{ destinations: null }]],
    ['an entry whose destinations are an object', [{ destinations: SFTP }]],
    ['an entry whose destinations are a text', [{ destinations: 'webhook' }]],
  ])('is not added to exports that the provider does not document: %s', (_, exports) => {
    expect(withWebhook({ ...MOVIE, exports }, ENDPOINT)).toBeUndefined();
  });
});

describe('a movie that reports to a receiver of ours', () => {
  test.each<[string, JsonObject]>([
    ['in a new entry', MOVIE],
    ['behind others', { ...MOVIE, exports: [{ destinations: [SFTP, THEIRS] }] }],
    ['beside other entries', { ...MOVIE, exports: [{ destinations: [] }, { destinations: [THEIRS] }] }],
  ])('is known again, also from JSON text: %s', (_, movie) => {
    const submitted = withWebhook(movie, ENDPOINT);
    expect(hasWebhook(submitted)).toBe(true);
    expect(hasWebhook(JSON.parse(JSON.stringify(submitted)))).toBe(true);
  });

  test('is recognised if the provider lists another entry first', () => {
    expect(hasWebhook({ exports: [null, 'odd', { destinations: [THEIRS] }, { destinations: [OURS] }] })).toBe(
      true,
    );
  });

  test.each<[string, unknown]>([
    ['no exports', MOVIE],
    [
      'only the caller’s destinations',
      { ...MOVIE, exports: [{ destinations: [SAVED, SFTP, THEIRS, EMAIL] }] },
    ],
    [
      'our path without a token',
      { exports: [{ destinations: [{ endpoint: 'https://a.example/json2video' }] }] },
    ],
    [
      'a token of another version',
      { exports: [{ destinations: [{ endpoint: 'https://a.example/json2video/v2.a.b.c' }] }] },
    ],
    ['an endpoint that is no text', { exports: [{ destinations: [{ endpoint: [ENDPOINT] }] }] }],
    ['our endpoint elsewhere in the movie', { ...MOVIE, variables: { endpoint: ENDPOINT } }],
    ['destinations that are no list', { exports: [{ destinations: OURS }] }],
    ['exports that are no list', { exports: { destinations: [OURS] } }],
    ['nothing', undefined],
    ['null', null],
    ['its JSON as text', JSON.stringify({ exports: [{ destinations: [OURS] }] })],
  ])('is not taken for one with %s', (_, movie) => {
    expect(hasWebhook(movie)).toBe(false);
  });
});

/** Movies with exports that are right, almost right, or any value. */
const movies = fc
  .record(
    {
      scenes: fc.jsonValue(),
      template: fc.string(),
      exports: fc.oneof(
        fc.array(fc.record({ destinations: fc.array(fc.constantFrom(SFTP, THEIRS, EMAIL, SAVED)) })),
        fc.array(fc.record({ destinations: fc.jsonValue() })),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: [] },
  )
  .map((movie) => movie as JsonObject);

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const child of Object.values(value)) freeze(child);
}

type AddWebhook = typeof withWebhook;
type Exports = readonly { readonly destinations?: readonly Json[]; readonly [name: string]: unknown }[];

/** Any movie stays as it is; the new one differs by our destination alone, and that is recognised. */
const adds = (add: AddWebhook) =>
  fc.property(movies, (movie) => {
    freeze(movie);
    const added = add(movie, ENDPOINT);
    if (added === undefined) return;
    expect(hasWebhook(added)).toBe(true);
    expect({ ...added, exports: null }).toEqual({ ...movie, exports: null });
    const [theirFirst, ...theirOthers] = (movie['exports'] ?? []) as Exports;
    const [first, ...others] = added['exports'] as Exports;
    expect(others).toEqual(theirOthers);
    expect(first).toEqual({ ...theirFirst, destinations: [...(theirFirst?.destinations ?? []), OURS] });
  });

describe('over arbitrary movies', () => {
  test('a webhook adds one destination, changes nothing else, and leaves the caller’s object as it was', () => {
    expect(() => fc.assert(adds(withWebhook), { numRuns: 1_000 })).not.toThrow();
  });

  test.each<[string, AddWebhook]>([
    [
      'changes the caller’s object',
      (movie, endpoint) => {
        const [first] = Array.isArray(movie['exports'])
          ? (movie['exports'] as { destinations?: Json[] }[])
          : [];
        if (!Array.isArray(first?.destinations)) return undefined;
        first.destinations.push({ ...OURS, endpoint });
        return movie;
      },
    ],
    [
      'reports before the caller’s uploads',
      (movie, endpoint) => {
        const added = withWebhook(movie, endpoint);
        const [first, ...others] = (added?.['exports'] ?? []) as { destinations: Json[] }[];
        if (first === undefined) return undefined;
        return {
          ...movie,
          exports: [{ ...first, destinations: first.destinations.toReversed() }, ...others],
        };
      },
    ],
    ['replaces the caller’s exports', (movie) => ({ ...movie, exports: [{ destinations: [OURS] }] })],
  ])('one that %s is caught', (_, add) => {
    expect(fc.check(adds(add), { numRuns: 1_000 })).toMatchObject({ failed: true });
  });
});
