import { expect, test } from 'vitest';
import type { Recorded } from '../../src/starter/history.js';
import { tell } from '../../src/starter/story.js';

const AT = Date.parse('2026-11-24T10:00:00Z');

function lines(...recorded: object[]): string[] {
  return tell(recorded.map((each) => ({ atMs: AT, ...each }) as Recorded)).lines.map(({ text }) => text);
}

const submission = (id: string): object => ({ what: 'activity', id, type: 'submitMovie', timeoutMs: 90_000 });
const look = (id: string): object => ({ what: 'activity', id, type: 'findMovie', timeoutMs: 900_000 });
const ended = (id: string, result: object): object => ({ what: 'activity ended', id, result });

const attempt = (end: object): object => ({ submission: end, elapsedMs: 900, webhook: true, account: 'a' });

test.each([
  [{ end: 'accepted', project: 'P', submittedAt: '2026-11-24T10:00:00Z' }, 'accepted as project P'],
  [
    { end: 'refused', waitingFor: 'credits', message: 'none left' },
    'not taken, waiting for credits: none left',
  ],
  [{ end: 'rejected', message: 'bad movie' }, 'rejected: bad movie'],
  [{ end: 'unknown', message: 'no reply' }, 'unknown: no reply'],
])('the end of a submission is part of the story: %j', (end, text) => {
  const story = tell(
    [submission('5'), ended('5', attempt(end))].map((each) => ({ atMs: AT, ...each }) as Recorded),
  );
  expect(story).toMatchObject({ last: text, lines: [{ text: `submission 1: ${text}` }] });
});

test.each([
  ['submitMovie', {}],
  ['submitMovie', attempt({ end: 'accepted', project: 7, submittedAt: '' })],
  ['submitMovie', attempt({ end: 'accepted', id: 'P' })],
  ['submitMovie', attempt({ end: 'postponed', message: 'later' })],
  ['submitMovie', { submission: { end: 'unknown', message: '' } }],
  ['findMovie', { scanned: 12 }],
  ['findMovie', { runId: 'r', at: '2026-11-24T10:00:00.000Z', scanned: 12, found: { id: 'P' } }],
  ['claimMovie', { found: { id: 'P' } }],
  ['claimMovie', 'yes'],
  ['checkMovie', { says: 'paused', message: '' }],
  ['checkMovie', { says: 'error' }],
  ['checkMovie', undefined],
  ['payMovie', { paid: true }],
])('a result of %s with members of another version is told as unknown: %j', (type, result) => {
  const [text] = lines({ what: 'activity', id: '5', type, timeoutMs: 1 }, ended('5', result as object));
  expect(text).toMatch(/: ended in a way that this version does not know$/);
});

test('activities that this version does not know are named, with their failures', () => {
  const unknown = { what: 'activity', id: '5', type: 'payMovie', timeoutMs: 1 };
  expect(lines(unknown, { what: 'activity failed', id: '5', message: 'no money' })).toEqual([
    'activity payMovie: failed: no money',
  ]);
  expect(lines(unknown, { what: 'activity fell silent', id: '5', heartbeat: {} })).toEqual([
    'activity payMovie: its worker fell silent',
  ]);
  // Names that every object inherits are no activities of ours.
  expect(lines({ ...unknown, type: 'toString' }, ended('5', {}))).toEqual([
    'activity toString: ended in a way that this version does not know',
  ]);
});

test.each([
  [{ says: 'done', video: {} }, 'done'],
  [{ says: 'rendering', status: 'running', progressPercent: 62.4 }, 'running 62 %'],
  [{ says: 'error', message: 'no source' }, 'error: no source'],
  [{ says: 'gone', message: '' }, 'done, but without a file'],
])('a status check is part of the story with its reading: %j', (reading, text) => {
  for (const type of ['checkMovie', 'confirmMovie']) {
    const check = { what: 'activity', id: '5', type, timeoutMs: 40_000 };
    expect(lines(check, ended('5', reading))).toEqual([`status check: ${text}`]);
    expect(lines(check, { what: 'activity failed', id: '5', message: 'still rendering' })).toEqual([]);
  }
});

test.each([
  [
    { found: { project: 'P', submittedAt: 'x', webhook: true, account: 'a' } },
    'project P was read and is taken for ours',
  ],
  [
    { notOurs: 'project P cannot be adopted: it carries key k' },
    'project P cannot be adopted: it carries key k',
  ],
])('the reading of a named project is part of the story: %j', (claim, text) => {
  const claimed = { what: 'activity', id: '5', type: 'claimMovie', timeoutMs: 40_000 };
  expect(lines(claimed, ended('5', claim))).toEqual([`a named project: ${text}`]);
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
    ended('5', { runId: 'r', at: '2026-11-24T10:00:00.000Z', scanned: 12 }),
    look('9'),
    ended('9', {
      runId: 'r',
      at: '2026-11-24T10:00:00.000Z',
      scanned: 13,
      found: { project: 'P', submittedAt: 'x', webhook: false, account: 'a' },
    }),
    look('12'),
    ended('12', { runId: 'r', at: '2026-11-24T10:00:00.000Z', scanned: 13, otherProject: 'Q' }),
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

test('messages with members of another version are told as unknown, and break nothing', () => {
  expect(
    lines(
      { what: 'hint', hint: 7 },
      { what: 'decision', id: 'u', request: null },
      { what: 'decided', id: 'u', answer: {} },
      { what: 'unknown signal', name: 'pause' },
    ),
  ).toEqual([
    'a webhook reports something that this version does not know',
    'a decision that cannot be carried out: a decision is an object with action, by and why',
    'the decision takes effect',
    'signal pause, which renders ignore',
  ]);
});
