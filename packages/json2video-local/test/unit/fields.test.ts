import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { elementKind, SCENE_FIELDS } from '../../src/submission/element-fields.js';
import { MOVIE_FIELDS } from '../../src/submission/movie-checks.js';
import { KINDS, PROBES, scene, scenes, TEMPLATES, withElement } from './field-probes.js';
import { call, post, releaseFakes, startFake } from './support.js';

releaseFakes();

const docs = readFileSync(new URL('../../docs/fields.md', import.meta.url), 'utf8');

interface Row {
  readonly object: string;
  readonly field: string;
  readonly treatment: string;
}

const ROWS: Row[] = [...docs.matchAll(/^\| ([a-z, ]+?) +\| (`[^|]+`) +\| (\w+) +\|$/gm)].flatMap(
  ([, objects = '', fields = '', treatment = '']) =>
    objects
      .split(', ')
      .flatMap((object) =>
        [...fields.matchAll(/`([^`]+)`/g)].map(([, field = '']) => ({ object, field, treatment })),
      ),
);

/** Returns everything that a client can see of a render, without IDs and times of the clock. */
async function seen(movie: object): Promise<string> {
  const fake = await startFake({ fixedClock: true, seed: 1, templates: TEMPLATES });
  const answer = await post(fake, movie);
  fake.advance(3);
  const early = await call(fake, '/v2/movies');
  fake.advance(60);
  const late = await call(fake, '/v2/movies');
  const [again] = [await post(fake, movie)];
  const shown = [answer, early, late, again].map(({ code, text }) => `${code} ${text}`).join('\n');
  const charged = JSON.stringify([fake.credits(), fake.movies()]);
  return `${shown}\n${charged}`.replaceAll(fake.url, '').replaceAll(/"json":"(?:[^"\\]|\\.)*"/g, '""');
}

/** Fields whose effect shows elsewhere: `id` in callbacks, the price of speech under the older table. */
const SHOWN_ELSEWHERE = ['movie id', 'voice model', 'voice connection'];

const movieWith = ({ object, field }: Row, value: unknown): object[] => {
  if (object === 'movie') return [{ scenes, [field]: value }];
  if (object === 'scene') return [scene({ [field]: value })];
  const kinds = object === 'every element' ? KINDS : [object];
  return kinds.map((kind) => withElement(kind, { [field]: value }));
};

const withoutField = (row: Row): object[] => movieWith(row, undefined);

const named = (treatment: string): [string, Row][] =>
  ROWS.filter((row) => row.treatment === treatment).map((row) => [`${row.object} ${row.field}`, row]);

describe('docs/fields.md', () => {
  test('lists every field that the code checks', () => {
    const listed = (object: string, field: string): boolean =>
      ROWS.some((row) => row.field === field && [object, 'every element'].includes(row.object));
    const checked = [
      ...Object.keys(MOVIE_FIELDS).map((field) => ['movie', field] as const),
      ...Object.keys(SCENE_FIELDS).map((field) => ['scene', field] as const),
      ...KINDS.flatMap((kind) =>
        Object.keys(elementKind(kind)?.fields ?? {}).map((field) => [kind, field] as const),
      ),
    ];
    expect(ROWS.length).toBeGreaterThan(100);
    expect(checked.filter(([object, field]) => !listed(object, field))).toEqual([]);
  });

  test.each(named('imitated').filter(([name]) => !SHOWN_ELSEWHERE.includes(name)))(
    '%s is imitated: it shows',
    async (name) => {
      const [without, having] = PROBES[name] ?? [];
      expect(without).toBeDefined();
      expect(await seen(having ?? {})).not.toBe(await seen(without ?? {}));
    },
  );

  test.each(named('checked'))(
    '%s is checked: a wrong type fails, a right one has no effect',
    async (_, row) => {
      for (const movie of movieWith(row, ['wrong'])) {
        expect(await seen(movie)).toMatch(/is not an? \w+ in movie/);
      }
    },
  );

  test.each(named('accepted'))('%s is accepted without effect', async (_, row) => {
    const before = await Promise.all(withoutField(row).map(seen));
    const after = await Promise.all(movieWith(row, 'any').map(seen));
    expect(after.map(plain)).toEqual(before.map(plain));
  });
});

/** The cache tells other pictures apart, so another project may be rendered; its end and price are equal. */
const plain = (text: string): string => text.replaceAll(/"size":\d+/g, '');
