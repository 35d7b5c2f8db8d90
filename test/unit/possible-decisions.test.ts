import { expect, test } from 'vitest';
import type { Recorded } from '../../src/starter/history.js';
import { possibleDecisions } from '../../src/starter/possible-decisions.js';

const ENDED = Date.parse('2026-11-24T10:00:00Z');

/** A submission of at most 90 s that ended unknown after 10 s, with a settle window of 60 s. */
const DOUBT = [
  { what: 'started', request: { options: { settleSeconds: 60 } } },
  { what: 'activity', id: '5', type: 'submitMovie', timeoutMs: 90_000 },
  { what: 'activity ended', id: '5', result: { submission: { end: 'unknown' }, elapsedMs: 10_000 } },
].map((each) => ({ atMs: ENDED, ...each }) as Recorded);

const actionsOf = (...args: Parameters<typeof possibleDecisions>): string[] =>
  possibleDecisions(...args).map(
    ({ action, from }) => `${action}${from === undefined ? '' : ` from ${from}`}`,
  );

test('a resubmission is offered from the time on at which nothing can turn up any more, adoption and abandonment at once', () => {
  // 80 s that the POST may still last, 60 s to settle, and a margin of 5 s.
  expect(actionsOf('unknown', DOUBT, ENDED)).toEqual([
    'adopt',
    'abandon',
    'resubmit from 2026-11-24T10:02:25Z',
  ]);
  expect(actionsOf('unknown', DOUBT, ENDED + 145_000)).toEqual(['adopt', 'abandon', 'resubmit']);
  expect(actionsOf('held', DOUBT, ENDED)).toEqual(['adopt', 'abandon', 'resubmit']);
});

test('no resubmission is offered after a cancel or a rejection, and nothing in a state without doubt', () => {
  const cancelled = [...DOUBT, { atMs: ENDED, what: 'cancel requested' } as const];
  expect(actionsOf('unknown', cancelled, ENDED)).toEqual(['adopt', 'abandon']);
  const rejected = [
    ...DOUBT,
    { atMs: ENDED, what: 'activity', id: '9', type: 'submitMovie', timeoutMs: 90_000 } as const,
    { atMs: ENDED, what: 'activity ended', id: '9', result: { submission: { end: 'rejected' } } } as const,
  ];
  expect(actionsOf('held', rejected, ENDED)).toEqual(['adopt', 'abandon']);
  for (const state of ['submitting', 'waiting', 'rendering', 'done'] as const) {
    expect(possibleDecisions(state, DOUBT, ENDED)).toEqual([]);
  }
});

test('a submission that no worker ended is settled at the latest possible time', () => {
  const silent = [
    ...DOUBT.slice(0, 2),
    { atMs: ENDED, what: 'activity fell silent', id: '5', heartbeat: {} } as const,
  ];
  expect(actionsOf('unknown', silent, ENDED)).toContain('resubmit from 2026-11-24T10:02:35Z');
});
