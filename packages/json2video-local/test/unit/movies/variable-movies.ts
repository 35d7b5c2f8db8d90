import type { MovieCase } from './movie-case.js';
import { image, speech, text, voice, video } from './movie-case.js';

/** Movies with variables, expressions, conditions and repeated scenes, of the shapes that the provider documents. */
export const WITH_VARIABLES: readonly MovieCase[] = [
  {
    name: 'a duration from an expression',
    movie: {
      variables: { base: 5 },
      scenes: [{ elements: [text('Dynamic', { duration: '{{ base + 2 }}' })] }],
    },
    seconds: 7,
  },
  {
    name: 'min, max and ceil',
    movie: {
      variables: { a: 7, b: '2.5' },
      scenes: [
        { duration: '{{ ceil(b) }}', elements: [text('a')] },
        { duration: '{{max(min(a, 4), 1)}}', elements: [text('b')] },
      ],
    },
    seconds: 7,
  },
  {
    name: 'a ternary selects the text of a voice',
    movie: {
      variables: { price: 1_200_000, long: speech(9), short: speech(3) },
      scenes: [{ elements: [voice('{{ price >= 1000000 ? long : short }}')] }],
    },
    seconds: 9,
  },
  {
    name: 'a condition leaves out the broken element',
    movie: {
      variables: { message: 1 },
      scenes: [
        {
          elements: [
            text('This', { condition: '{{message == 1}}', duration: 4 }),
            { type: 'video', condition: '{{message == 2}}', duration: 10 },
          ],
        },
      ],
    },
    seconds: 4,
  },
  {
    name: 'conditions with and, or and brackets',
    movie: {
      variables: { rooms: 4, pool: false, garden: true },
      scenes: [
        { condition: '{{ rooms > 3 and (pool or garden) }}', duration: 3, elements: [text('a')] },
        { condition: '{{ rooms < 3 or pool }}', duration: 30, elements: [text('b')] },
      ],
    },
    seconds: 3,
  },
  {
    name: 'iterate over objects, by their own names',
    movie: {
      variables: {
        slides: [
          { url: 'https://c.example/1.jpg', seconds: 5 },
          { url: 'https://c.example/2.jpg', seconds: 3 },
        ],
      },
      scenes: [{ iterate: 'slides', duration: '{{seconds}}', elements: [image({ src: '{{url}}' })] }],
    },
    seconds: 8,
  },
  {
    name: 'iterate-as names the item',
    movie: {
      variables: { rooms: [{ photo: 'https://c.example/1.jpg' }, { photo: 'https://c.example/2.jpg' }] },
      scenes: [
        {
          duration: 4,
          iterate: 'rooms',
          'iterate-as': 'room',
          elements: [image({ src: '{{ room.photo }}' })],
        },
      ],
    },
    seconds: 8,
  },
  {
    name: 'iterate over texts',
    movie: {
      variables: { urls: ['https://c.example/1.jpg', 'https://c.example/2.jpg', 'https://c.example/3.jpg'] },
      scenes: [{ duration: 2, iterate: 'urls', elements: [image({ src: '{{item}}' })] }],
    },
    seconds: 6,
  },
  {
    name: 'an image that starts at the end of a video',
    movie: {
      scenes: [{ elements: [video({ id: 'clip' }), image({ start: '{{clip_end}}', duration: 5 })] }],
    },
    seconds: 12,
    options: { assetSeconds: { 'https://cdn.example.com/clips/beach.mp4': 7 } },
  },
  {
    name: 'three images that share the time of a voice',
    movie: {
      resolution: 'instagram-story',
      scenes: [
        {
          elements: [
            voice(speech(12), { id: 'talk' }),
            image({ duration: '{{talk_duration/3}}' }),
            image({ start: '{{talk_duration/3}}', duration: '{{talk_duration/3}}' }),
            image({ start: '{{talk_duration/3*2}}', duration: '{{talk_duration/3}}' }),
          ],
        },
      ],
    },
    seconds: 12,
    width: 1080,
  },
];
