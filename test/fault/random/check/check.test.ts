import { describe, expect, test } from 'vitest';
import type { Done } from '../operators/perform.js';
import type { Called } from '../operators/processes.js';
import type { Deed } from '../operators/script.js';
import type { Accepted } from '../provider/movies.js';
import { checkKey, type Ended, type SeenKey } from './check.js';

/** Negative controls of the checker: each thing that must not be, and beside it the nearest thing that may be. */
const at = (seconds: number): number => 1_000_000 + seconds * 1_000;

const accepted = (...seconds: number[]): Accepted[] =>
  seconds.map((second, index) => ({
    project: `project-${index + 1}`,
    key: 'key',
    variant: 'a',
    account: index === 1 ? 'another account' : 'the account',
    atMs: at(second),
  }));

const done = (deed: Deed, fromSecond: number, told?: Done['told'], tookSeconds = 1): Done => {
  const begun = { key: 'key', deed, fromMs: at(fromSecond), limitMs: 30_000 };
  return told === undefined ? begun : { ...begun, toMs: at(fromSecond + tookSeconds), told };
};

const value = (project?: string, more: object = {}): Called => ({
  value: { ...(project === undefined ? {} : { project }), ...more },
});

const error = (code: string, more: object = {}): Called => ({
  error: { code, isTyped: true, wasAborted: false, message: 'said', ...more },
});

const CALL: Deed = { do: 'submitOnce', caller: 'plain', movie: 'a', restart: false, deadlineMs: 10_000 };
const RESTART: Deed = { ...CALL, restart: true };
const RESULT: Deed = { do: 'result', caller: 'plain' };
const DELETE: Deed = { do: 'delete' };
const RESET: Deed = { do: 'reset', to: 'first', draw: 0, without: [], older: false };
const decide = (action: 'resubmit' | 'adopt', force: boolean): Deed => ({
  do: 'decide',
  caller: 'plain',
  action,
  force,
});

const CLOSED: Ended = { run: { isOpen: false, state: 'completed' } };

function found(seen: Partial<SeenKey>): string[] {
  const all = checkKey({ key: 'key', accepted: [], done: [], ended: CLOSED, signs: [], ...seen });
  return all.map(({ rule, what }) => `${rule}: ${what}`);
}

const paidTwice = [
  expect.stringMatching(/^paid: project project-2 .*another account.* to which nobody consented$/),
];

describe('a second accepted POST is a violation', () => {
  test('for which there are only calls, on whatever account', () => {
    expect(found({ accepted: accepted(1, 9), done: [done(CALL, 0, value('project-1'))] })).toEqual(paidTwice);
  });

  test.each([
    ['a restart', done(RESTART, 5, value('project-2'))],
    ['a reset', done(RESET, 5, { engine: 'reset to event 4' })],
    ['a termination', done({ do: 'terminate' }, 5, { engine: 'terminated' })],
    ['a resubmission without force', done(decide('resubmit', false), 5, value())],
    ['a forced adoption', done(decide('adopt', true), 5, value('project-1'))],
    ['a forced resubmission that was refused', done(decide('resubmit', true), 5, error('DecisionRefused'))],
    ['a forced resubmission that found the movie', done(decide('resubmit', true), 5, value('project-1'))],
    ['a forced resubmission that came later', done(decide('resubmit', true), 10, value())],
    [
      'a forced resubmission that was answered with an unforced one',
      done(decide('resubmit', true), 5, value(undefined, { decision: { at: 'then' } })),
    ],
    ['a deletion without a call after it', done(DELETE, 5, { engine: 'deleted' })],
    ['a deletion that the engine refused', done(DELETE, 5, { engine: 'refused: not found' })],
  ])('after %s', (_, deed) => {
    const early = done(CALL, 0, value(), 2);
    expect(found({ accepted: accepted(1, 9), done: [early, deed] }).slice(0, 1)).toEqual(paidTwice);
  });

  test('after a deletion, by a call that was under way long before it', () => {
    const waiting = done(CALL, 0, value('project-2'), 40);
    const deletion = done(DELETE, 20, { engine: 'deleted' });
    expect(found({ accepted: accepted(1, 30), done: [waiting, deletion] }).slice(0, 1)).toEqual(paidTwice);
  });

  test('when two people were answered with one forced decision, and three were accepted', () => {
    const decision = { at: 'then', force: true };
    const both = [3, 4].map((second) =>
      done(decide('resubmit', true), second, value(undefined, { decision })),
    );
    expect(found({ accepted: accepted(1, 5, 9), done: both })).toEqual([
      expect.stringMatching(/^paid: project project-3/),
    ]);
  });
});

describe('a second accepted POST is right', () => {
  test.each([
    ['that took effect', value()],
    ['whose answer did not come', error('DecisionPending')],
    ['whose caller had no patience', error('TimeoutError', { isTyped: false, wasAborted: true })],
  ])('after a forced resubmission %s', (_, told) => {
    expect(found({ accepted: accepted(1, 9), done: [done(decide('resubmit', true), 5, told)] })).toEqual([]);
  });

  test('after a deletion and a call that came then', () => {
    const deeds = [done(DELETE, 5, { engine: 'deleted' }), done(CALL, 8, value('project-2'))];
    expect(found({ accepted: accepted(1, 9), done: deeds })).toEqual([]);
  });
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
