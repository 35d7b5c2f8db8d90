import * as fc from 'fast-check';

/** Numbers as a movie writes them: plain, by a variable of the movie or of the row, by an expression. */
const time = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 40 }).map((tenths) => tenths / 4) },
  fc.constantFrom<unknown>(
    '{{a}}',
    '{{ b }}',
    '{{row.s}}',
    '{{s}}',
    '{{o.c}}',
    '{{a + 1}}',
    '{{nowhere}}',
    '{{nested}}',
  ),
);
const duration = fc.oneof({ weight: 8, arbitrary: time }, fc.constantFrom<unknown>(-1, -2, 'auto', 0));
const condition = fc.constantFrom<unknown>(
  '{{yes}}',
  '{{no}}',
  '{{ a > 1 }}',
  'false',
  true,
  '{{nowhere}}',
  '{{s}}',
  'a == 2',
);
const model = fc.constantFrom(
  'flux-pro',
  'flux-schnell',
  'nano-banana',
  'seedance-v1.5-pro',
  'wan-v2.5',
  'azure',
  'elevenlabs',
);

const kind = fc.constantFrom<object>(
  { type: 'text', text: 'Hello' },
  { type: 'image', src: 'https://cdn.example.com/a.jpg' },
  { type: 'video', src: 'https://cdn.example.com/a.mp4' },
  { type: 'audio', src: 'https://cdn.example.com/a.mp3' },
  { type: 'voice', text: 'Good morning' },
  { type: 'image', prompt: 'A bee' },
  { type: 'video', prompt: 'Waves' },
  { type: 'component', component: 'basic/001' },
  { type: 'html', html: '<p>Hi</p>' },
);

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const element = fc
  .record({
    kind,
    more: fc.record({
      duration: fc.option(duration, { nil: undefined, freq: 3 }),
      start: fc.option(time, { nil: undefined, freq: 5 }),
      'extra-time': fc.option(time, { nil: undefined, freq: 8 }),
      condition: fc.option(condition, { nil: undefined, freq: 8 }),
      variables: fc.option(fc.constant({ a: 7 }), { nil: undefined, freq: 8 }),
      loop: fc.option(fc.constantFrom(-1, 1, 2), { nil: undefined, freq: 8 }),
      seek: fc.option(fc.constantFrom(1, -2), { nil: undefined, freq: 8 }),
      model: fc.option(model, { nil: undefined, freq: 2 }),
      connection: fc.option(fc.constant('mine'), { nil: undefined, freq: 10 }),
      'model-settings': fc.option(fc.constantFrom<object>({ duration: 4 }, { duration: '{{a}}' }, {}), {
        nil: undefined,
        freq: 2,
      }),
    }),
  })
  .map((drawn) => ({ ...drawn.kind, ...drawn.more }));

const scene = fc.record(
  {
    duration: fc.option(duration, { nil: undefined, freq: 3 }),
    elements: fc.array(element, { maxLength: 3 }),
    transition: fc.option(fc.record({ duration: optional(time) }), { nil: undefined, freq: 4 }),
    condition: fc.option(condition, { nil: undefined, freq: 8 }),
    variables: fc.option(fc.constant({ b: '2.5' }), { nil: undefined, freq: 5 }),
    iterate: fc.option(fc.constantFrom('rows', '{{rows}}', 'o.list', 'none', 'nowhere'), {
      nil: undefined,
      freq: 5,
    }),
    'iterate-as': fc.option(fc.constant('row'), { nil: undefined }),
  },
  { requiredKeys: ['elements'] },
);

/** Movies of every kind of length, with variables, conditions and repeated scenes. */
export const movies: fc.Arbitrary<object> = fc
  .record({
    scenes: fc.array(scene, { minLength: 1, maxLength: 4 }),
    elements: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, fc.array(element, { maxLength: 2 })),
  })
  .map((drawn) => ({
    ...drawn,
    variables: {
      a: 2,
      b: '1.25',
      yes: true,
      no: '',
      nested: '{{a}}',
      o: { c: 3, list: ['x', { s: 4 }] },
      rows: [{ s: 1.5 }, { s: '2' }],
      none: [],
    },
  }));
