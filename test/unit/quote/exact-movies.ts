import { clip, natural, photo, type QuotedMovie, row, scene, song, text } from './quoted-movie.js';

/** Movies whose lengths are all given, and in which nothing is generated. */
export const EXACT: readonly QuotedMovie[] = [
  row('a scene of 5 s', { scenes: [scene(5, text)] }, 5, 'exact'),
  row('a started second', { scenes: [scene(5.01, text)] }, 6, 'exact'),
  row(
    'a sum that is no round number in binary',
    { scenes: [scene(2.1, text), scene(0.9, text)] },
    3,
    'exact',
  ),
  row('a scene of a clip that is cut', { scenes: [scene(4, clip)] }, 4, 'exact'),
  row(
    'the longest element',
    { scenes: [natural({ ...clip, duration: 3 }, { ...photo, duration: 7 })] },
    7,
    'exact',
  ),
  row(
    'start and extra time',
    { scenes: [natural({ ...photo, start: 2, duration: 3, 'extra-time': 1.5 }, text)] },
    7,
    'exact',
  ),
  row(
    'elements that fill the scene',
    { scenes: [natural({ ...clip, duration: 3 }, { ...song, duration: -2 })] },
    3,
    'exact',
  ),
  row(
    'a clip that repeats',
    { scenes: [natural({ ...clip, loop: -1 }, { ...photo, duration: 6 })] },
    6,
    'exact',
  ),
  row('-1 for a scene', { scenes: [scene(-1, { ...photo, duration: 4 })] }, 4, 'exact'),
  row('the word auto for a scene', { scenes: [scene('auto', { ...photo, duration: 4 })] }, 4, 'exact'),
  row(
    'transitions',
    { scenes: [4, 4, 4].map((duration) => ({ duration, transition: { duration: 0.5 }, elements: [text] })) },
    11,
    'exact',
  ),
  row(
    'a transition longer than its scene',
    { scenes: [scene(9, text), { ...scene(1, text), transition: { duration: 3 } }] },
    9,
    'exact',
  ),
  row(
    "the movie's own elements, longer than its scenes",
    { scenes: [scene(3, text)], elements: [{ ...photo, start: 5, duration: 5 }] },
    10,
    'exact',
  ),
  row(
    "a soundtrack and a logo of the movie's length",
    { scenes: [scene(6, text)], elements: [{ ...song, duration: -2 }, photo] },
    6,
    'exact',
  ),
  row('a movie without scenes', { elements: [{ ...clip, duration: 9 }, text] }, 9, 'exact'),
  row(
    "an empty scene under the movie's own clip",
    { scenes: [natural()], elements: [{ ...clip, duration: 8 }] },
    8,
    'exact',
  ),
  row(
    'subtitles',
    { scenes: [scene(5, clip)], elements: [{ type: 'subtitles', language: 'en' }] },
    5,
    'exact',
  ),
  row(
    'a length by a variable',
    { variables: { seconds: '3' }, scenes: [scene('{{ seconds }}', text)] },
    3,
    'exact',
  ),
  row(
    'the nearest variable',
    {
      variables: { n: 9 },
      scenes: [{ variables: { n: 5 }, elements: [{ ...photo, variables: { n: 2 }, duration: '{{n}}' }] }],
    },
    2,
    'exact',
  ),
  row(
    'a variable of a transition',
    {
      variables: { t: '0.5' },
      scenes: [scene(2, text), { ...scene(2.5, text), transition: { duration: '{{t}}' } }],
    },
    4,
    'exact',
  ),
  row(
    'a scene for each row',
    {
      variables: { rows: [{ s: 2 }, { s: 3.5 }] },
      scenes: [{ iterate: 'rows', duration: '{{s}}', elements: [text] }],
    },
    6,
    'exact',
  ),
  row(
    'a scene for each item under a name',
    {
      variables: { a: { list: ['x', 'y', 'z'] } },
      scenes: [
        { iterate: 'a.list', 'iterate-as': 'row', duration: 2, elements: [{ ...text, text: '{{row}}' }] },
      ],
    },
    6,
    'exact',
  ),
  row(
    'no row',
    { variables: { rows: [] }, scenes: [scene(2, text), { iterate: 'rows', duration: 3 }] },
    2,
    'exact',
  ),
  row(
    'conditions that are known',
    {
      variables: { yes: true, no: '' },
      scenes: [
        { ...scene(4, text), condition: '{{yes}}' },
        { ...scene(9, text), condition: '{{no}}' },
        { ...scene(9, text), condition: false },
      ],
    },
    4,
    'exact',
  ),
  row(
    'an expression that decides about nothing of price',
    { variables: { n: 3 }, scenes: [scene(5, { ...photo, duration: 2, condition: '{{ n > 2 }}' })] },
    5,
    'exact',
  ),
  row(
    'Full HD upright',
    { resolution: 'custom', width: '1080', height: 1920, scenes: [scene(5, text)] },
    5,
    'exact',
  ),
];
