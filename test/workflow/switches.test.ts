import type { FakeMovie } from 'json2video-local';
import { switchTable } from 'json2video-local';
import { beforeAll, describe, expect, test } from 'vitest';
import { plantedCell, sweptCells } from '../support/switch-sweep.js';
import { type Played, type PlayedCell, sweep, type SweptClient } from '../support/sweep.js';
import type { Plant } from '../support/sweep-stage.js';

const CELLS = sweptCells();

/** The problems of each cell, by its name. */
const found = new Map<string, readonly string[]>();

beforeAll(async () => {
  const planted = Object.entries(PLANTS).map(([name, plant]): SweptClient => [plantedCell(name), plant]);
  const played = await sweep([...CELLS.map((cell): SweptClient => [cell]), ...planted]);
  for (const [name, cell] of played) found.set(name, problemsOf(cell));
}, 1_200_000);

/** The ledger's statuses behind each outcome; without one nothing may have been accepted. */
const BEHIND: Readonly<Record<string, readonly FakeMovie['status'][]>> = {
  done: ['done'],
  failed: ['error'],
  'timed-out': ['pending', 'running'],
};

/** Returns what a caller saw that the ledger contradicts. */
function brokenPromises({ fake }: PlayedCell, { render, key, end, project }: Played): string[] {
  const accepted = fake.movies({ key });
  const acceptedPosts = fake.requests({ call: 'create', key }).filter((request) => request.accepted === true);
  const [movie] = accepted;
  const problems = [
    accepted.length > 1 || acceptedPosts.length > 1 ? `was accepted ${accepted.length} times` : '',
    end === 'never ended' ? 'never ended' : '',
    render.ends !== undefined && end !== render.ends ? `ended ${end} instead of ${render.ends}` : '',
    movie === undefined && end !== 'MovieRejected' ? `ended ${end}, and nothing was accepted` : '',
    movie !== undefined && BEHIND[end]?.includes(movie.status) !== true
      ? `ended ${end}, and the provider says ${movie.status}`
      : '',
    movie !== undefined && movie.project !== project
      ? `has project ${project} instead of ${movie.project}`
      : '',
  ];
  return problems.filter((problem) => problem !== '').map((problem) => `${render.name} ${problem}`);
}

/** Returns what the audit says that the ledger contradicts. */
function untruths({ fake, played, report }: PlayedCell): string[] {
  const movies = fake.movies();
  const keys = new Set(played.map(({ key }) => key));
  const ours = movies.filter(({ key }) => key !== undefined && keys.has(key));
  const doubled = [...keys].filter((key) => fake.movies({ key }).length > 1);
  const claims: readonly [what: string, says: number, truth: number][] = [
    ['movies', report.movies, movies.length],
    ['duplicates', report.duplicates.length, doubled.length],
    ['orphans', report.orphans.length, 0],
    ['sound ones', report.sound.count, ours.length - doubled.flatMap((key) => fake.movies({ key })).length],
    ['foreign ones', report.unmarked.count, movies.length - ours.length],
  ];
  return claims
    .filter(([, says, truth]) => says !== truth)
    .map(([what, says, truth]) => `the audit counts ${says} ${what} instead of ${truth}`);
}

function problemsOf(cell: PlayedCell): string[] {
  return [...cell.played.flatMap((played) => brokenPromises(cell, played)), ...untruths(cell)];
}

/** A client that sends every movie twice. */
const postsTwice: Plant = (json2video) => ({
  ...json2video,
  submit: async (movie, terms) => {
    await json2video.submit(movie, terms);
    return json2video.submit(movie, terms);
  },
});

/** A client that takes every render for done. */
const believesAll: Plant = (json2video) => ({
  ...json2video,
  read: async (project) => {
    const reading = await json2video.read(project);
    const gone = { durationSeconds: 1, sizeBytes: 1, width: 1, height: 1, createdAt: null, endedAt: null };
    const video = { ...gone, url: 'https://example.com/1.mp4', clientData: {} };
    return reading.says === 'done' ? reading : { says: 'done', video };
  },
});

/** A client whose list leaves out the last movie. */
const overlooks: Plant = (json2video) => ({
  ...json2video,
  list: async function* (since, until) {
    for await (const page of json2video.list(since, until)) yield page.slice(1);
  },
});

/** Clients with a fault, by the name of their cell. */
const PLANTS: Readonly<Record<string, Plant>> = {
  'pays-twice': postsTwice,
  'invents-outcomes': believesAll,
  'overlooks-movies': overlooks,
};

test('every position of every switch is played', () => {
  const played = new Set(CELLS.map(({ name }) => name.split('=')[0]));
  expect(switchTable().filter(({ name }) => !played.has(name))).toEqual([]);
  const positions = switchTable().flatMap(({ positions: all }) => all);
  expect(CELLS.length).toBeGreaterThan(positions.length);
});

describe('a render keeps its promises, and an audit reports the truth, with', () => {
  test.each(CELLS.map(({ name }) => name))('%s', (name) => {
    expect(found.get(name)).toEqual([]);
  });
});

describe('the sweep finds', () => {
  test('a client that pays twice', () => {
    expect(found.get('pays-twice')).toContain('card was accepted 2 times');
  });

  test('a client that invents an outcome', () => {
    expect(found.get('invents-outcomes')?.join('; ')).toMatch(
      /broken ended done, and the provider says (error|running)/,
    );
  });

  test('an audit that overlooks a movie', () => {
    expect(found.get('overlooks-movies')?.join('; ')).toMatch(/the audit counts \d movies instead of \d/);
  });
});
