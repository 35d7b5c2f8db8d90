import { expect, test } from 'vitest';
import { checkMovie } from '../../src/movie/check.js';

const warningsOf = (element: object): object[] => [
  ...checkMovie({ variables: { clip: ' ' }, scenes: [{ elements: [element] }] }).warnings,
];

test.each(['image', 'html', 'audiogram', 'text', 'subtitles'])(
  'a src that is empty once the variables are filled in is a warning on an element of type %s',
  (type) => {
    expect(warningsOf({ type, src: '{{clip}}' })).toMatchObject([
      { code: 'src-empty', path: 'scenes[0].elements[0].src' },
    ]);
  },
);

test.each([
  { type: 'html', html: '<p>x</p>' },
  { type: 'text', text: 'x' },
  { type: 'audiogram' },
  { type: 'image', prompt: 'A bee', model: 'flux-schnell' },
])('an element that may do without a src has none: %j', (element) => {
  expect(warningsOf(element)).toEqual([]);
});
