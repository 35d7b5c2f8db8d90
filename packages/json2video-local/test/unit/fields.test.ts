import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { elementKind, SCENE_FIELDS } from '../../src/submission/element-fields.js';
import { MOVIE_FIELDS } from '../../src/submission/movie-checks.js';
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

const KINDS = ['image', 'video', 'audio', 'voice', 'text', 'html', 'component', 'audiogram', 'subtitles'];

/** A sound element of each type. */
const SOUND: Readonly<Record<string, object>> = {
  image: { src: 'https://c.example/1.png', duration: 4 },
  video: { src: 'https://c.example/1.mp4' },
  audio: { src: 'https://c.example/1.mp3' },
  voice: { text: 'Hello there, dear listeners' },
  text: { text: 'a', duration: 4 },
  html: { html: '<b>a</b>', duration: 4 },
  component: { component: 'basic/000', duration: 4 },
  audiogram: { duration: 4 },
  subtitles: {},
};

/** A movie of one scene with an element of this type; a text beside it keeps the movie from being empty. */
const withElement = (type: string, more: object = {}): object => ({
  scenes: [
    {
      elements: [
        { type, ...SOUND[type], ...more },
        { type: 'text', text: 'b', duration: 2 },
      ],
    },
  ],
});

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

const TEMPLATE = 'LerKrmBfiqaIgBuacLWn';
const TEMPLATES = {
  [TEMPLATE]: { movie: { scenes: [{ duration: 9, elements: [{ type: 'text', text: 't' }] }] } },
};

const card = { type: 'text', text: 'a' };
const scenes = [{ duration: 4, elements: [card] }];
const scene = (more: object): object => ({ scenes: [{ duration: 4, elements: [card], ...more }] });
const flux = { src: undefined, prompt: 'A cat', model: 'flux-pro' };
const other = { duration: 3, elements: [card] };
const rows = { variables: { rows: [1, 2] } };

/** Two movies that differ in one imitated field. */
const PROBES: Readonly<Record<string, readonly [object, object]>> = {
  'movie scenes': [{ scenes }, { scenes: [...scenes, ...scenes] }],
  'movie elements': [{ scenes }, { scenes, elements: [{ ...card, duration: 9 }] }],
  'movie template': [{ scenes }, { template: TEMPLATE }],
  'movie variables': [scene({ duration: '{{a}}' }), { ...scene({ duration: '{{a}}' }), variables: { a: 7 } }],
  'movie resolution': [{ scenes }, { scenes, resolution: 'hd' }],
  'movie width': [{ scenes }, { scenes, width: 800 }],
  'movie height': [{ scenes }, { scenes, height: 800 }],
  'movie quality': [{ scenes }, { scenes, quality: 'low' }],
  'movie cache': [{ scenes }, { scenes, cache: false }],
  'movie client-data': [{ scenes }, { scenes, 'client-data': { a: 1 } }],
  'movie exports': [{ scenes }, { scenes, exports: [{ destinations: [{ type: 'email' }] }] }],
  'scene elements': [scene({ duration: -1 }), scene({ duration: -1, elements: [{ ...card, duration: 8 }] })],
  'scene duration': [scene({}), scene({ duration: 6 })],
  'scene condition': [
    { scenes: [...scenes, other] },
    { scenes: [...scenes, { ...other, condition: 'false' }] },
  ],
  'scene variables': [scene({ duration: '{{a}}' }), scene({ duration: '{{a}}', variables: { a: 8 } })],
  'scene transition': [
    { scenes: [...scenes, other] },
    { scenes: [...scenes, { ...other, transition: { style: 'fade', duration: 1 } }] },
  ],
  'scene iterate': [
    { ...scene({}), ...rows },
    { ...scene({ iterate: 'rows' }), ...rows },
  ],
  'scene iterate-as': [
    { ...scene({ iterate: 'rows', duration: '{{n + 1}}' }), ...rows },
    { ...scene({ iterate: 'rows', 'iterate-as': 'n', duration: '{{n + 1}}' }), ...rows },
  ],
  'scene cache': [scene({}), scene({ cache: false })],
  'every element type': [withElement('text'), withElement('rectangle')],
  'every element id': [
    scene({
      duration: -1,
      elements: [
        { ...card, duration: 3 },
        { ...card, duration: '{{x_duration * 2}}' },
      ],
    }),
    scene({
      duration: -1,
      elements: [
        { ...card, id: 'x', duration: 3 },
        { ...card, duration: '{{x_duration * 2}}' },
      ],
    }),
  ],
  'every element condition': [withElement('video'), withElement('video', { condition: '' })],
  'every element variables': [
    withElement('video', { duration: '{{a}}' }),
    withElement('video', { duration: '{{a}}', variables: { a: 9 } }),
  ],
  'every element cache': [withElement('text'), withElement('text', { cache: false })],
  'every element start': [withElement('video'), withElement('video', { start: 3 })],
  'every element duration': [withElement('video'), withElement('video', { duration: 9 })],
  'every element extra-time': [withElement('video'), withElement('video', { 'extra-time': 3 })],
  'video model-settings': [
    withElement('video', { ...flux, model: 'wan-v2.5' }),
    withElement('video', { ...flux, model: 'wan-v2.5', 'model-settings': { duration: 8 } }),
  ],
  'voice text': [withElement('voice'), withElement('voice', { text: 'Hello there, '.repeat(20) })],
  'voice model': [withElement('voice', { text: '' }), withElement('voice', { model: 'elevenlabs-v3' })],
  'voice connection': [withElement('voice'), withElement('voice', { connection: 'mine' })],
  'text text': [withElement('text'), withElement('text', { text: undefined })],
  'component component': [withElement('component'), withElement('component', { component: undefined })],
  ...Object.fromEntries(
    ['video', 'audio'].flatMap((type) => [
      [`${type} loop`, [withElement(type), withElement(type, { loop: 2 })]],
      [`${type} seek`, [withElement(type), withElement(type, { seek: 2 })]],
      [`${type} src`, [withElement(type), withElement(type, { src: 'https://c.example/missing/1.mp4' })]],
    ]),
  ),
  ...Object.fromEntries(
    ['image', 'video'].flatMap((type) => [
      [`${type} src`, [withElement(type), withElement(type, { src: 'https://c.example/missing/1.mp4' })]],
      [`${type} prompt`, [withElement(type, { ...flux, prompt: undefined }), withElement(type, flux)]],
      [
        `${type} model`,
        [
          withElement(type, { ...flux, model: 'free' }),
          withElement(type, { ...flux, model: type === 'image' ? 'flux-pro' : 'wan-v2.5' }),
        ],
      ],
      [
        `${type} connection`,
        [
          withElement(type, { ...flux, model: type === 'image' ? 'flux-pro' : 'wan-v2.5' }),
          withElement(type, {
            ...flux,
            model: type === 'image' ? 'flux-pro' : 'wan-v2.5',
            connection: 'mine',
          }),
        ],
      ],
    ]),
  ),
};

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
    const after = await Promise.all(movieWith(row, row.object === 'scene' ? 'any' : 'any').map(seen));
    expect(after.map(plain)).toEqual(before.map(plain));
  });
});

/** The cache tells other pictures apart, so another project may be rendered; its end and price are equal. */
const plain = (text: string): string => text.replaceAll(/"size":\d+/g, '');
