import { clip, natural, photo, type QuotedMovie, row, scene, song, text } from './quoted-movie.js';

const speech = { type: 'voice', text: 'Good morning to all of you', voice: 'en-US-AriaNeural' };
const bee = { type: 'image', prompt: 'A bee', model: 'flux-pro' };
/** Movies whose lengths are all given, and in which something is generated, or whose size has two prices. */
export const ESTIMATES: readonly QuotedMovie[] = [
  row('a picture', { scenes: [scene(5, bee)] }, 25, 'estimate'),
  row(
    'the same picture twice, which is charged once',
    { scenes: [scene(5, bee), scene(5, bee)] },
    50,
    'estimate',
  ),
  row('a free voice', { scenes: [scene(5, speech)] }, 5, 'estimate'),
  row(
    'a picture without a named model',
    { scenes: [scene(5, { type: 'image', prompt: 'A cat' })] },
    5,
    'estimate',
  ),
  row(
    'a picture that may be left out',
    { scenes: [scene(5, { ...bee, condition: '{{ 1 > 2 }}' })] },
    25,
    'estimate',
  ),
  row('a picture by your own account', { scenes: [scene(5, { ...bee, connection: 'mine' })] }, 5, 'estimate'),
  row(
    'a clip of its own length',
    {
      scenes: [
        natural({ type: 'video', prompt: 'Sea', model: 'wan-v2.5', 'model-settings': { duration: 4 } }),
      ],
    },
    4 + 4 * 30,
    'estimate',
  ),
  row(
    'a picture in each row',
    {
      variables: { rows: [1, 2, 3] },
      scenes: [{ iterate: 'rows', duration: 2, elements: [{ ...bee, prompt: 'Bee {{item}}' }] }],
    },
    66,
    'estimate',
  ),
  row('a movie above Full HD', { width: 3840, height: 2160, scenes: [scene(5, text)] }, 5, 'estimate'),
];

/** Movies of which only the render knows the price. */
export const UNKNOWN: readonly QuotedMovie[] = [
  row('the length of a clip', { scenes: [scene(3, text), natural(clip)] }, 3, 'unknown'),
  row('the length of a speech', { scenes: [natural(speech)] }, 0, 'unknown'),
  row('a speech over the movie', { scenes: [scene(5, text)], elements: [speech] }, 5, 'unknown'),
  row('a soundtrack of its own length', { scenes: [scene(5, text)], elements: [song] }, 5, 'unknown'),
  row('a text alone', { scenes: [natural(text)] }, 0, 'unknown'),
  row(
    'a text with its own length',
    { scenes: [natural({ ...text, duration: -1 }, { ...photo, duration: 1 })] },
    1,
    'unknown',
  ),
  row(
    'a transition without a length',
    { scenes: [scene(3, text), { ...scene(3, text), transition: { style: 'fade' } }] },
    3,
    'unknown',
  ),
  row('an expression', { variables: { n: 3 }, scenes: [scene('{{ n + 1 }}', text)] }, 0, 'unknown'),
  row('a variable that is not there', { scenes: [scene('{{n}}', text)] }, 0, 'unknown'),
  row(
    'a condition',
    { variables: { n: 3 }, scenes: [scene(2, text), { ...scene(4, text), condition: '{{ n > 2 }}' }] },
    2,
    'unknown',
  ),
  row(
    'rows that the movie lacks',
    { scenes: [scene(2, text), { iterate: 'rows', duration: 3, elements: [text] }] },
    2,
    'unknown',
  ),
  row('a model without a price', { scenes: [scene(5, { ...bee, model: 'new-model' })] }, 5, 'unknown'),
  row('a length beside a picture', { scenes: [natural(bee, clip)] }, 20, 'unknown'),
  row('an empty movie', { scenes: [natural()] }, 0, 'unknown'),
  row(
    'a clip that repeats by a variable',
    { variables: { l: -1 }, scenes: [natural({ ...clip, loop: '{{l}}' }, { ...photo, duration: 6 })] },
    6,
    'unknown',
  ),
];
