import { describe, expect, test } from 'vitest';
import { findingsIn, knownRuns, type ListedMovie, movieOf, runOf } from './audited.js';

describe('the findings of a key', () => {
  test('one movie that its run knows is sound', () => {
    const report = findingsIn([movieOf('p1', 'a')], knownRuns(runOf('a', 'done', 'p1')));
    expect(report).toMatchObject({ duplicates: [], orphans: [], sound: { count: 1, price: { credits: 5 } } });
  });

  test('two movies are a duplicate; its surplus is the price of the movie that the callers do not have', () => {
    const first = movieOf('late', 'a', { createdAt: '2026-11-20T00:00:01Z', credits: 7 });
    const report = findingsIn([first, movieOf('own', 'a')], knownRuns(runOf('a', 'done', 'own')));
    expect(report.orphans).toEqual([]);
    expect(report.duplicates).toEqual([
      {
        key: 'a',
        state: 'done',
        ownProject: 'own',
        movies: [
          expect.objectContaining({ project: 'own', isKnown: true }),
          { ...withoutMark(first), isKnown: false },
        ],
        price: { credits: 12, unpriced: 0 },
        surplus: { credits: 7, unpriced: 0 },
        next: expect.stringMatching(
          /callers have project own; no caller waits for late.*`renderonce status a`/,
        ),
      },
    ]);
  });

  test('two movies that two runs of the key know are a duplicate too', () => {
    const known = knownRuns(runOf('a', 'done', 'p2'), { ...runOf('b', 'done', 'p1'), key: 'a' });
    expect(findingsIn([movieOf('p1', 'a'), movieOf('p2', 'a')], known).duplicates).toMatchObject([
      { key: 'a', surplus: { credits: 5 }, next: expect.stringContaining('belongs to a run of this key') },
    ]);
  });

  test('a movie whose run has another project is an orphan, and the next step names that project', () => {
    const report = findingsIn([movieOf('late', 'a')], knownRuns(runOf('a', 'rendering', 'own')));
    expect(report.orphans).toMatchObject([{ key: 'a', state: 'rendering', ownProject: 'own' }]);
    expect(report.orphans[0]).not.toHaveProperty('adoptable');
  });

  test.each([
    ['held', /`renderonce resolve a --adopt p1 /],
    ['unknown', /`renderonce resolve a --adopt p1 /],
    ['waiting', /`renderonce cancel a` now.*`renderonce submit a MOVIE\.json`/],
    ['abandoned', /`renderonce submit a MOVIE\.json --restart`/],
    ['rejected', /`renderonce submit a MOVIE\.json`.*`renderonce status a`/],
    ['cancelled', /`renderonce submit a MOVIE\.json`/],
  ] as const)(
    'a movie of a key that is %s is an orphan, with the command that takes it over',
    (state, next) => {
      const [orphan, ...more] = findingsIn([movieOf('p1', 'a')], knownRuns(runOf('a', state))).orphans;
      expect(more).toEqual([]);
      expect(orphan).toMatchObject({ key: 'a', state, next: expect.stringMatching(next) });
      expect(orphan?.adoptable).toBe(state === 'held' || state === 'unknown' ? 'p1' : undefined);
    },
  );

  test('a held key with two movies can adopt the older one', () => {
    const movies = [
      movieOf('new', 'a', { createdAt: '2026-11-20T00:09:00Z', credits: 7 }),
      movieOf('old', 'a'),
    ];
    expect(findingsIn(movies, knownRuns(runOf('a', 'held'))).duplicates).toMatchObject([
      { adoptable: 'old', surplus: { credits: 7 }, next: expect.stringContaining('--adopt old') },
    ]);
  });

  test('a movie of a key that the engine does not know is an orphan; its command quotes the key for a shell', () => {
    expect(findingsIn([movieOf('p1', "it's $HOME")]).orphans).toMatchObject([
      { next: expect.stringContaining(`renderonce submit 'it'\\''s $HOME' MOVIE.json --look-from TIME`) },
    ]);
  });

  test('a movie of a render that is submitting is no finding', () => {
    const report = findingsIn([movieOf('p1', 'a')], knownRuns(runOf('a', 'submitting')));
    expect(report).toMatchObject({ orphans: [], underway: { count: 1 } });
  });

  test('a movie older than the memory of the engine is no orphan, unless the engine has an older run of its key', () => {
    const old = movieOf('p1', 'a', { createdAt: '2026-10-01T00:00:00Z' });
    const later = runOf('a', 'done', 'p2');
    const older = { ...runOf('a', 'held'), startedAt: '2026-09-30T23:59:00Z' };
    expect(findingsIn([old])).toMatchObject({ orphans: [], forgotten: { count: 1 } });
    expect(findingsIn([old], knownRuns(later))).toMatchObject({ orphans: [], forgotten: { count: 1 } });
    expect(findingsIn([old], knownRuns(older))).toMatchObject({ orphans: [{ adoptable: 'p1' }] });
  });

  test('movies without our mark are findings, except those that a person gave to a key', () => {
    const report = findingsIn([movieOf('given'), movieOf('foreign')], knownRuns(runOf('a', 'done', 'given')));
    expect(report).toMatchObject({
      unmarked: { count: 1, movies: [{ project: 'foreign' }] },
      sound: { count: 1 },
    });
  });

  test('a movie that has not ended has no price yet', () => {
    const movies = [movieOf('p1', 'a', { credits: null, status: 'running' }), movieOf('p2')];
    const report = findingsIn(movies, knownRuns(runOf('a', 'rendering', 'p1')));
    expect(report.sound.price).toEqual({ credits: 0, unpriced: 1 });
  });
});

function withoutMark({ mark: _mark, ...movie }: ListedMovie): object {
  return movie;
}
