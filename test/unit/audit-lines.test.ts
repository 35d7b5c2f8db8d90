import { expect, test } from 'vitest';
import type { AuditReport } from '../../src/audit/index.js';
import { auditLines } from '../../src/cli/print/audit-lines.js';
import { knownRuns, findingsIn, movieOf, runOf } from './audited.js';

const HEAD = {
  namespace: 'videos',
  since: '2026-11-20T00:00:00.000Z',
  until: '2026-11-21T00:00:00.000Z',
  movies: 6,
};

test('the lines name the fault, the key, its projects, their price and the next step', () => {
  const report: AuditReport = {
    ...HEAD,
    ...findingsIn(
      [
        movieOf('aaaaaaaaaaaaaaaa', 'order-1'),
        movieOf('bbbbbbbbbbbbbbbb', 'order-1', { createdAt: '2026-11-20T00:01:00Z' }),
        movieOf('cccccccccccccccc', 'order-2'),
        movieOf('dddddddddddddddd', 'order-3', { status: 'running', credits: null }),
        movieOf('eeeeeeeeeeeeeeee'),
        movieOf('ffffffffffffffff', 'order-4', { mark: { key: 'order-4', namespace: 'staging' } }),
      ],
      knownRuns(
        runOf('order-1', 'done', 'aaaaaaaaaaaaaaaa'),
        runOf('order-2', 'held'),
        runOf('order-3', 'rendering', 'dddddddddddddddd'),
      ),
    ),
  };
  expect(auditLines(report).join('\n')).toMatchInlineSnapshot(`
    "6 movies from 2026-11-20T00:00:00.000Z to 2026-11-21T00:00:00.000Z; namespace videos

    DUPLICATES: 1 key with more than one accepted movie, about 5 credits too much
      order-1: done
        aaaaaaaaaaaaaaaa  2026-11-20T00:00:00Z  done, 5 credits  known to a render
        bbbbbbbbbbbbbbbb  2026-11-20T00:01:00Z  done, 5 credits  NOT KNOWN to any render
        next: The callers have project aaaaaaaaaaaaaaaa; no caller waits for bbbbbbbbbbbbbbbb, and the credits are spent. \`renderonce status order-1\` shows what happened.

    ORPHANS: 1 accepted movie that no render knows, about 5 credits
      order-2: held
        cccccccccccccccc  2026-11-20T00:00:00Z  done, 5 credits  NOT KNOWN to any render
        next: Give it to its key: \`renderonce resolve order-2 --adopt cccccccccccccccc --why 'found by audit'\`.

    WITHOUT OUR MARK: 1 movie that no worker of renderonce submitted, about 5 credits
        eeeeeeeeeeeeeeee  2026-11-20T00:00:00Z  done, 5 credits
        next: find the program that posts to this account; if it may do so, pass --allow-unmarked.

    1 movie that renders know; about 0 credits, and 1 not ended yet
    1 movie of namespace staging; about 5 credits
    Credits are estimated from durations, with generated assets if the list names them. The list may lack movies of the last minutes."
  `);
});

test('a clean period says so first', () => {
  const clean = {
    ...HEAD,
    movies: 1,
    ...findingsIn([movieOf('p1', 'a')], knownRuns(runOf('a', 'done', 'p1'))),
  };
  expect(auditLines(clean).slice(0, 2)).toEqual([
    '1 movie from 2026-11-20T00:00:00.000Z to 2026-11-21T00:00:00.000Z; namespace videos',
    'nothing is wrong',
  ]);
});

test('many movies without our mark: the lines show the newest and count the others', () => {
  const movies = Array.from({ length: 25 }, (_, index) => movieOf(`p${String(index).padStart(2, '0')}`));
  const text = auditLines({ ...HEAD, movies: 25, ...findingsIn(movies) }).join('\n');
  expect(text).toContain('p24');
  expect(text).not.toContain('p14 ');
  expect(text).toContain('and 15 older; --json names all');
});

test('control characters in a key move no cursor and begin no line', () => {
  const lines = auditLines({ ...HEAD, ...findingsIn([movieOf('p1', 'a\u001b[2J\nnothing is wrong')]) });
  expect(lines.join('')).not.toMatch(/\p{Cc}/u);
});
