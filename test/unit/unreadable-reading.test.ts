import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyReading } from '../../src/json2video/classify-reading.js';
import type { Reading } from '../../src/render/reading.js';

const read = (status: number, body: unknown, retryAfterMs?: number): Reading =>
  classifyReading({
    status,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

const FINISHED = { success: true, movie: { status: 'done', url: 'https://assets.example.com/v.mp4' } };

describe('an unknown project', () => {
  const LEAKED = "TypeError: Cannot read properties of null (reading 'success')";

  test.each([
    ['the leaked error', 400, { success: false, message: LEAKED }],
    ['the documented 404', 404, { success: false, message: 'Movie not found' }],
    ['an empty object', 200, {}],
    ['a reply without a movie', 200, { success: true, remaining_quota: { time: 5 } }],
    ['a movie that is null', 200, { success: true, movie: null }],
    ['a movie that is a list', 200, { success: true, movie: [] }],
    ['400 in other words', 400, { error: 'unknown project' }],
  ])('%s is missing', (_, status, body) => {
    expect(read(status, body)).toMatchObject({ says: 'missing' });
  });
});

describe('replies that say nothing about the render: unreadable', () => {
  test.each([
    ['a bad key, live', 400, { success: false, message: 'Error: Invalid API Key' }],
    ['a missing key', 400, { message: 'Error: API Key not provided' }],
    ['401', 401, { message: 'Unauthorized' }],
    ['403', 403, { success: false, message: 'Insufficient permissions' }],
    ['405', 405, { message: 'Method Not Allowed' }],
    ['429', 429, { message: 'Too Many Requests' }],
    ['500', 500, { error: 'Error starting subprocess' }],
    ['500 with a movie', 500, FINISHED],
    ['502 in HTML', 502, '<html>Bad Gateway</html>'],
    ['503 and no body', 503, ''],
    ['a redirect', 302, ''],
    ['200 and no body', 200, ''],
    ['200 in HTML', 200, '<html>Maintenance</html>'],
    ['200 and half of the JSON', 200, JSON.stringify(FINISHED).slice(0, -2)],
    ['200 and a list', 200, [FINISHED]],
    ['400 in HTML', 400, '<html>Bad Request</html>'],
    ['404 in HTML', 404, '<html>Not Found</html>'],
  ])('%s', (_, status, body) => {
    expect(read(status, body)).toMatchObject({ says: 'unreadable' });
  });

  test('Retry-After is handed on', () => {
    expect(read(429, '', 4_000)).toEqual({ says: 'unreadable', message: 'HTTP 429', retryAfterMs: 4_000 });
  });
});

test('arbitrary replies never throw, and only a whole 2xx with done and a URL is done', () => {
  const names = fc.constantFrom(
    'movie',
    'status',
    'url',
    'message',
    'success',
    'client-data',
    'progress',
    'size',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('done', 'error', 'timeout', 'running', null, 1, '7', 'https://example.com/v.mp4'),
      fc.jsonValue(),
      fc.dictionary(names, tie('value')),
    ),
  }));
  const movies = fc.dictionary(names, value).map((movie) => JSON.stringify({ movie }));
  const bodies = fc.oneof(
    fc.string(),
    fc.json(),
    value.map((any) => JSON.stringify(any)),
    movies,
  );
  fc.assert(
    fc.property(fc.constantFrom(200, 204, 302, 400, 404, 429, 500), bodies, (status, body) => {
      const reading = read(status, body);
      if (reading.says !== 'done') return;
      const { movie } = JSON.parse(body) as { movie: { status: unknown; url: unknown } };
      expect([status >= 200 && status < 300, movie.status, movie.url]).toEqual([
        true,
        'done',
        reading.video.url,
      ]);
    }),
    { numRuns: 1_000 },
  );
});
