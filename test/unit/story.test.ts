import { expect, test } from 'vitest';
import type { Recorded } from '../../src/starter/recorded.js';
import { tell } from '../../src/starter/story.js';

const AT = Date.parse('2026-11-24T10:00:00Z');

function lines(...recorded: object[]): string[] {
  return tell(recorded.map((each) => ({ atMs: AT, ...each }) as Recorded)).lines.map(({ text }) => text);
}

const submission = (id: string): object => ({ what: 'activity', id, type: 'submitMovie', timeoutMs: 90_000 });
const look = (id: string): object => ({ what: 'activity', id, type: 'findMovie', timeoutMs: 900_000 });
const ended = (id: string, result: object): object => ({ what: 'activity ended', id, result });

test.each([
  [{ end: 'accepted', project: 'P' }, 'submission 1: accepted as project P'],
  [
    { end: 'refused', waitingFor: 'credits', message: 'none left' },
    'submission 1: not taken, waiting for credits: none left',
  ],
  [{ end: 'rejected', message: 'bad movie' }, 'submission 1: rejected: bad movie'],
  [{ end: 'unknown', message: 'no reply' }, 'submission 1: unknown: no reply'],
  [{}, 'submission 1: ended in a way that this version does not know'],
])('the end of a submission is told: %j', (end, text) => {
  expect(lines(submission('5'), ended('5', { submission: end }))).toEqual([text]);
});

test.each([
  [{ sending: true }, 'unknown: the worker fell silent while the request may have been on its way'],
  [undefined, 'refused: the worker fell silent before it sent anything'],
])('a worker that fell silent is told with what it may have done: %j', (heartbeat, text) => {
  const story = tell([
    { atMs: AT, what: 'activity', id: '5', type: 'submitMovie', timeoutMs: 90_000 },
    { atMs: AT, what: 'activity fell silent', id: '5', heartbeat },
  ]);

  expect(story).toMatchObject({ last: text, attempts: 1, submitTimeoutMs: 90_000 });
});

test('each look is told with its number and with what it saw', () => {
  const told = lines(
    look('5'),
    ended('5', { scanned: 12 }),
    look('9'),
    ended('9', { scanned: 13, found: { project: 'P' } }),
    look('12'),
    ended('12', { scanned: 13, otherProject: 'Q' }),
  );

  expect(told).toEqual([
    "look 1 in the provider's list: not among 12 movies",
    "look 2 in the provider's list: it is there, as project P",
    "look 3 in the provider's list: another movie has this key, project Q",
  ]);
});

test('a decision is told with who, what, why and what came of it', () => {
  const request = { action: 'adopt', project: 'P', force: true, by: 'anna', why: 'seen' };
  const told = lines(
    { what: 'decision', id: 'u', request },
    { what: 'decided', id: 'u', refused: 'it carries key other' },
    { what: 'decided', id: 'v', answer: { message: 'the key is given up' } },
  );

  expect(told).toEqual([
    'anna decides: adopt project P, by force, because: seen',
    'the decision is refused: it carries key other',
    'the decision takes effect: the key is given up',
  ]);
});

test('the answer of a submission is no decision, and is not told as one', () => {
  expect(lines({ what: 'decided', id: 'submit', answer: { project: 'P', key: 'k' } })).toEqual([]);
});

test('a timer that is over is not awaited any more', () => {
  const { timers } = tell([
    { atMs: AT, what: 'timer', id: '1', summary: 'until look 1 of 3', firesAtMs: AT + 5_000 },
    { atMs: AT, what: 'timer', id: '2', summary: 'until look 2 of 3', firesAtMs: AT + 9_000 },
    { atMs: AT, what: 'timer over', id: '1' },
  ]);

  expect([...timers.values()].map(({ summary }) => summary)).toEqual(['until look 2 of 3']);
});

test('a start, a restart, hints, a cancel and an end from outside are told', () => {
  expect(
    lines(
      { what: 'started', request: { options: {} } },
      { what: 'started', request: { options: { lookFrom: '2026-11-24T09:00:00Z' } } },
      { what: 'hint', hint: { project: 'P', status: 'done' } },
      { what: 'cancel requested' },
      { what: 'terminated', reason: 'by hand' },
    ),
  ).toEqual([
    'asked for',
    'asked for again, after a run that left the key free',
    'a webhook reports project P: done',
    'a cancel is requested',
    'terminated from outside: by hand',
  ]);
});

test('what a history of another version holds is told as unknown, and breaks nothing', () => {
  expect(lines({ what: 'hint', hint: 7 }, { what: 'decision', id: 'u', request: null })).toEqual([
    'a webhook reports project ?',
    '? decides: ?, because: ?',
  ]);
});
