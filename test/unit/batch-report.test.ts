import { expect, test } from 'vitest';
import { endOfError, movieLengthSeconds } from '../../src/cli/commands/batch/line.js';
import { reportDocument, reportLines } from '../../src/cli/commands/batch/report.js';
import { Tally } from '../../src/cli/commands/batch/tally.js';
import { IdempotencyKeyReused, RenderCancelled, RenderFailed } from '../../src/render/errors.js';
import type { UnfinishedOutcome } from '../../src/render/outcome.js';

test.each([
  [{ scenes: [{ duration: 2.5 }, { duration: 3 }] }, 5.5],
  [{ scenes: [{ duration: 2.5 }, { duration: -1 }] }, undefined],
  [{ scenes: [{ elements: [] }] }, undefined],
  [{ scenes: [] }, undefined],
  [{ template: 'T', scenes: [{ duration: 1 }] }, undefined],
  ['no movie', undefined],
])('the length of a movie is known only if all its scenes have a duration: %j', (movie, seconds) => {
  expect(movieLengthSeconds(movie)).toBe(seconds);
});

test('the report counts the movies of unknown length', () => {
  const tally = new Tally();
  const head = { line: 1, sizeBytes: 1, order: { key: 'k', movie: {}, options: {} } };
  tally.add(head, { end: 'submitted', isDone: false, durationSeconds: undefined });
  tally.add(head, { end: 'submitted', isDone: false, durationSeconds: 4.1 });
  const facts = { file: 'a.jsonl', tally, seconds: 2, isWaiting: false };

  expect(reportDocument(facts)).toEqual({
    file: 'a.jsonl',
    lines: 2,
    submitted: 2,
    replayed: 0,
    rejected: 0,
    failed: 0,
    pending: 0,
    credits: 5,
    unpriced: 1,
    seconds: 2,
    failures: [],
  });
  expect(reportLines(facts)[1]).toBe('      2  submitted: about 5 credits and 1 of unknown length');
});

test('a person reads ten of a thousand failures, and control characters of a key reach no terminal', () => {
  const tally = new Tally();
  const line = { line: 1, sizeBytes: 1, order: { key: 'k\u001b[31m', movie: {}, options: {} } };
  for (let count = 0; count < 1_200; count += 1)
    tally.add(line, { end: 'failed', code: 'KeyInvalid', message: 'no' });
  const lines = reportLines({ file: 'a.jsonl', tally, seconds: 1, isWaiting: false });

  expect(tally.failures).toHaveLength(1_000);
  expect(lines.filter((each) => each.includes('KeyInvalid'))).toHaveLength(10);
  expect(lines.join('')).not.toContain('\u001b');
});

test('a line whose key is spent proposes the next version of the key, in the document and for a person', () => {
  const outcome = { status: 'failed', message: 'no source' } as UnfinishedOutcome;
  const spent = [
    new RenderCancelled('cancelled', { key: 'order-1', project: 'p1' }),
    new RenderFailed('no source', { key: 'order-1' }),
    new IdempotencyKeyReused('another movie', [], { key: 'order-1', outcome }),
  ];
  for (const error of spent) {
    const tally = new Tally();
    tally.add(
      { line: 1, sizeBytes: 1, order: { key: 'order-1', movie: {}, options: {} } },
      endOfError(error),
    );
    const facts = { file: 'a.jsonl', tally, seconds: 1, isWaiting: true };
    const { code, message, next } = error;

    expect(next).toContain('order-1-v2');
    expect(reportDocument(facts)).toMatchObject({
      failures: [{ line: 1, key: 'order-1', code, message, next }],
    });
    expect(reportLines(facts)).toContain(`    ${next}`);
  }
});

test('the report has the warnings about movies, each with its line and key; a person reads ten', () => {
  const tally = new Tally();
  const warning = {
    code: 'voice-text-empty',
    path: 'scenes[0].elements[0].text',
    message: 'is empty',
  } as const;
  const line = { line: 7, sizeBytes: 1, problem: '' };
  const facts = { file: 'a.jsonl', tally, seconds: 1, isWaiting: false };
  expect(reportDocument(facts)).not.toHaveProperty('warnings');
  for (let count = 0; count < 1_200; count += 1) tally.warn(line, 'k', [warning]);

  expect(tally.warnings).toHaveLength(1_000);
  expect(reportDocument(facts)).toMatchObject({
    warnings: expect.arrayContaining([{ line: 7, key: 'k', ...warning }]),
  });
  const shown = reportLines(facts).filter((each) => each.includes('warning: '));
  expect(shown).toHaveLength(10);
  expect(shown[0]).toBe('  line 7, k: warning: scenes[0].elements[0].text is empty');
});
