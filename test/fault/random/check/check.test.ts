import { describe, expect, test } from 'vitest';
import type { Accepted } from '../provider/movies.js';
import { checkLedger, type Ended, type SeenKey } from './check.js';
import {
  accepted,
  CALL,
  CLOSED,
  decide,
  DELETE,
  done,
  error,
  found,
  RESET,
  RESTART,
  RESULT,
  value,
} from './made-up.js';

/** Controls of the other rules: each thing that must not be, and beside it the nearest that may be. */
test('an accepted POST that no caller knows is a violation', () => {
  const lost = { ...accepted(1)[0], key: '' } as Accepted;
  expect(checkLedger([...accepted(2), lost], new Set(['key']))).toEqual([
    expect.objectContaining({
      rule: 'paid',
      what: expect.stringContaining("without its caller's client-data"),
    }),
  ]);
});

describe('a call must end, in time, and in an answer or an error with a next step', () => {
  test.each([
    ['without an end', done(CALL, 0), /^call: submitOnce had no end after 30 s$/],
    ['too late', done(CALL, 0, error('SubmissionPending'), 31), /^call: submitOnce took 31 s, of 30$/],
    [
      'in an error of the engine',
      done(RESULT, 0, error('ServiceError', { isTyped: false })),
      /^call: result ended in ServiceError without a next step/,
    ],
  ])('not %s', (_, deed, fault) => {
    expect(found({ done: [deed] })).toEqual([expect.stringMatching(fault)]);
  });

  test('an answer, a typed error and the reason of its own signal are ends', () => {
    const ends = [value(), error('NoWorker'), error('TimeoutError', { isTyped: false, wasAborted: true })];
    expect(found({ done: ends.map((told) => done(CALL, 0, told)) })).toEqual([]);
  });
});

describe('a run must end and have a way on', () => {
  test.each<[string, Ended, RegExp]>([
    ['a render whose time does not end', { ...CLOSED, overdue: 'rendering' }, /was rendering long after/],
    ['an open run', { run: { isOpen: true, state: 'unknown' } }, /the run is unknown still/],
    [
      'a result that nobody gets',
      { ...CLOSED, result: done(RESULT, 0, error('TimeoutError', { isTyped: false, wasAborted: true })) },
      /waited for in vain/,
    ],
    [
      'a call that says nothing of the key',
      { ...CLOSED, call: done(CALL, 0, error('NoWorker')) },
      /ends in NoWorker/,
    ],
    [
      'a restart that does not lead on',
      {
        ...CLOSED,
        call: done(CALL, 0, error('RenderAbandoned')),
        restart: done(RESTART, 1, error('RenderAbandoned')),
      },
      /restart ends in RenderAbandoned/,
    ],
  ])('not %s', (_, ended, fault) => {
    expect(found({ ended })).toEqual([expect.stringMatching(fault)]);
  });

  test('a deleted key may be unknown, another one not', () => {
    const ended = { ...CLOSED, result: done(RESULT, 9, error('KeyNotFound')) };
    expect(found({ ended })).toEqual([expect.stringMatching(/result ends in KeyNotFound/)]);
    expect(found({ ended, done: [done(DELETE, 5, { engine: 'deleted' })] })).toEqual([]);
  });

  test('a restart that waits, and a key that nobody asked for, are right', () => {
    const restart = done(RESTART, 1, error('SubmissionPending'));
    expect(found({ ended: { ...CLOSED, call: done(CALL, 0, error('RenderAbandoned')), restart } })).toEqual(
      [],
    );
    expect(found({ ended: {} })).toEqual([]);
  });
});

describe('a project that a caller gets was accepted under the key', () => {
  test('not one that was never accepted under it', () => {
    const told = [done(CALL, 0, value('project-7'))];
    expect(found({ accepted: accepted(1), done: told })).toEqual([
      expect.stringMatching(/^project: .*project-7/),
    ]);
  });

  test('not one of an error either', () => {
    const told = [
      done(RESULT, 0, error('RenderFailed', { outcome: { status: 'failed', project: 'project-7' } })),
    ];
    expect(found({ accepted: accepted(1), done: told })).toEqual([
      expect.stringMatching(/^project: .*project-7/),
    ]);
  });

  test('one that a person gave to the key by force is right', () => {
    const told = [done(decide('adopt', true), 0, value('project-7')), done(CALL, 1, value('project-7'))];
    expect(found({ accepted: accepted(1), done: told })).toEqual([]);
  });
});

describe('a key that no operator touches is not held if a look has a witness', () => {
  const held = { atMs: 1_100_000, isWitnessed: true, losses: 1, resubmissions: 1 };
  const alone = done(CALL, 0, value());

  test.each<[string, Partial<SeenKey>, RegExp]>([
    ['while a resubmission is left', { held }, /held.*a resubmission was left$/],
    [
      'although its movie was accepted',
      { held: { ...held, losses: 9 }, accepted: accepted(1) },
      /held.*the movie is in the list$/,
    ],
  ])('not %s', (_, seen, fault) => {
    expect(found({ done: [alone], ...seen })).toEqual([expect.stringMatching(fault)]);
  });

  test.each<[string, Partial<SeenKey>]>([
    ['without a witness', { held: { ...held, isWitnessed: false } }],
    ['without a resubmission that is left', { held: { ...held, losses: 2 } }],
    ['after a reset', { held, done: [alone, done(RESET, 5, { engine: 'reset to event 4' })] }],
    ['after a restart', { held, done: [alone, done(RESTART, 5, value())] }],
  ])('%s it may be', (_, seen) => {
    expect(found({ done: [alone], ...seen })).toEqual([]);
  });
});
