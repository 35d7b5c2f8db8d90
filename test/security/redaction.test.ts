import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyReading } from '../../src/json2video/classify-reading.js';
import { labelOf } from '../../src/movie/movie.js';
import { redactSecrets } from '../../src/text/redact.js';
import { detailsOf } from '../../src/render/details.js';
import { classifySubmission } from '../../src/render/submission.js';
import { shorten } from '../../src/text/text.js';

const SIGNATURE = '0123456789abcdef0123456789abcdef';
const PRESIGNED = `https://bucket.s3.amazonaws.com/private/face.png?X-Amz-Expires=60&X-Amz-Signature=${SIGNATURE}`;
const TOKEN = `v1.b3JkZXItMQ.1790000000.${'m'.repeat(43)}`;
const SAID = `Scene #1, element #1: Failed to download '${PRESIGNED}' (403)`;
const SHOWN =
  "Scene #1, element #1: Failed to download 'https://bucket.s3.amazonaws.com/private/face.png?redacted' (403)";

describe('the key in a presigned address never reaches what people read', () => {
  const body = (movie: object): string => JSON.stringify({ success: true, movie });

  test('by the reason of a failed render, which outcome, failure and UI repeat', () => {
    const reply = { status: 200, body: body({ project: 'p', status: 'error', message: SAID }) };
    expect(classifyReading(reply)).toEqual({ says: 'error', message: SHOWN });
  });

  test('by the reason of a refused movie', () => {
    const reply = { status: 400, body: JSON.stringify({ message: SAID }) };
    expect(
      classifySubmission({ from: 'reply', complete: true, at: '2026-11-24T10:00:00.000Z', ...reply }),
    ).toMatchObject({
      end: 'rejected',
      message: SHOWN,
    });
  });

  test('by the label of a movie in the list of renders', () => {
    expect(labelOf({ comment: PRESIGNED })).toBe('https://bucket.s3.amazonaws.com/private/face.png?redacted');
  });

  test.each([
    ['in capitals', SAID.toUpperCase(), /SIGNATURE/],
    ['cut by the limit', `${'x'.repeat(200)} ${PRESIGNED}`, /Signature|0123/],
    ['twice', `${PRESIGNED} ${PRESIGNED}`, /Signature|0123/],
    ['one within another', `https://proxy.example/?url=${PRESIGNED}`, /Signature|0123|bucket/],
    ['credentials', 'cannot open https://ada:pass-phrase@cdn.example.com/a', /pass-phrase|ada/],
    ['the token of a callback', `POST https://hooks.example.com/json2video/${TOKEN} failed`, /v1\.|mmm/],
    ['the token without its host', `POST /json2video/${TOKEN} failed`, /v1\.|mmm/],
  ])('%s', (_, text, secret) => {
    expect(text).toMatch(secret);
    expect(shorten(text)).not.toMatch(secret);
  });

  test('but the link to the video stays usable, whole as the provider gave it', () => {
    const movie = { project: 'p', status: 'done', url: PRESIGNED };
    expect(classifyReading({ status: 200, body: body(movie) })).toMatchObject({ video: { url: PRESIGNED } });
    expect(detailsOf({ key: 'k', state: 'done', attempts: 1, videoUrl: PRESIGNED })).toContain(
      `(${PRESIGNED})`,
    );
  });
});

test('texts without secrets are left as they are', () => {
  for (const text of [
    'Insufficient credits',
    'see https://json2video.com/docs/v2#limits',
    'Why? Because.',
    '',
  ]) {
    expect(redactSecrets(text)).toBe(text);
  }
});

test('whatever stands around an address, nothing of its query is left, and what is left is left again', () => {
  const words = fc.string({ unit: fc.constantFrom('a', ' ', '/', '@', '?', '\n', "'", 'https://') });
  fc.assert(
    fc.property(words, words, (before, after) => {
      const once = redactSecrets(`${before} ${PRESIGNED} ${after}`);
      expect(once).not.toContain(SIGNATURE);
      expect(redactSecrets(once)).toBe(once);
    }),
  );
});

test('a reply of the largest size is redacted at once', () => {
  for (const piece of ['https://', 'https://a@', 'https://a?', '//', '@', '/json2video/v1.']) {
    expect(shorten(piece.repeat(4_000_000 / piece.length)).length).toBeLessThanOrEqual(300);
  }
}, 20_000);
