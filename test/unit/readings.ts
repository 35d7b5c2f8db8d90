import * as fc from 'fast-check';
import type { Reading, Video } from '../../src/render/reading.js';

export const VIDEO: Video = {
  url: 'https://assets.json2video.com/clients/c/renders/2026-11-24-36066.mp4',
  durationSeconds: 5,
  sizeBytes: 36_066,
  width: 1_920,
  height: 1_080,
  createdAt: '2026-11-24T10:00:00.000Z',
  endedAt: '2026-11-24T10:00:12.000Z',
  clientData: {},
};

/** One reading of each kind, as the provider's pages show them. */
export const SAYS = {
  rendering: { says: 'rendering', status: 'running', progressPercent: 42 },
  done: { says: 'done', video: VIDEO },
  gone: { says: 'gone', message: '' },
  error: {
    says: 'error',
    message: "Scene #1, element #1: Failed to download 'https://x.example/a.png' (404)",
  },
  timeout: { says: 'timeout', message: 'Movie took too long to render' },
  missing: { says: 'missing', message: "TypeError: Cannot read properties of null (reading 'success')" },
  unreadable: { says: 'unreadable', message: 'HTTP 503' },
} as const satisfies { readonly [Says in Reading['says']]: Extract<Reading, { says: Says }> };

const worded = <Says extends 'gone' | 'error' | 'timeout' | 'missing'>(says: Says) =>
  fc.record({ says: fc.constant(says), message: fc.string() });

/** Any reading that the types allow, also one that no provider sends. */
export const readings: fc.Arbitrary<Reading> = fc.oneof(
  fc.record(
    {
      says: fc.constant('rendering' as const),
      status: fc.string(),
      progressPercent: fc.double(),
      message: fc.string(),
    },
    { requiredKeys: ['says', 'status'] },
  ),
  fc.record({ says: fc.constant('done' as const), video: fc.webUrl().map((url) => ({ ...VIDEO, url })) }),
  worded('gone'),
  worded('error'),
  worded('timeout'),
  worded('missing'),
  fc.record(
    { says: fc.constant('unreadable' as const), message: fc.string(), retryAfterMs: fc.maxSafeNat() },
    { requiredKeys: ['says', 'message'] },
  ),
);
