import type { MovieCase } from './movie-case.js';
import { image, speech, text, video, voice } from './movie-case.js';

/** Movies of the shapes that the provider's reference and tutorials show, written anew. */
export const DOCUMENTED: readonly MovieCase[] = [
  {
    name: 'a scene lasts as long as its longest element',
    movie: {
      scenes: [
        {
          elements: [
            video({ duration: 10 }),
            { type: 'audio', src: 'https://a.example/1.mp3', duration: 20 },
          ],
        },
      ],
    },
    seconds: 20,
  },
  {
    name: "a scene's own duration cuts its elements",
    movie: { scenes: [{ duration: 5, elements: [video({ duration: 10 })] }] },
    seconds: 5,
  },
  {
    name: 'an audio of duration -2 lasts as long as its scene',
    movie: {
      scenes: [
        {
          elements: [
            video({ duration: 10 }),
            { type: 'audio', src: 'https://a.example/1.mp3', duration: -2 },
          ],
        },
      ],
    },
    seconds: 10,
  },
  {
    name: 'a video that loops in a scene of 30 s',
    movie: { scenes: [{ duration: 30, elements: [video({ loop: -1, duration: -2 })] }] },
    seconds: 30,
  },
  {
    name: 'a looping video lasts as long as the audio beside it',
    movie: {
      scenes: [
        {
          elements: [video({ loop: -1, duration: -2 }), { type: 'audio', src: 'https://a.example/song.mp3' }],
        },
      ],
    },
    seconds: 42,
    options: { assetSeconds: { 'https://a.example/song.mp3': 42 } },
  },
  {
    name: "an empty scene under the movie's own video",
    movie: { scenes: [{ elements: [] }], elements: [video({ duration: 8 })] },
    seconds: 8,
  },
  {
    name: 'a scene of 5 s under a voice of 60 s',
    movie: { scenes: [{ duration: 5, elements: [text('Hello')] }], elements: [voice(speech(60))] },
    seconds: 60,
  },
  {
    name: "a logo of the movie's own lasts as long as the scenes",
    movie: {
      scenes: [{ duration: 6, elements: [text('a')] }],
      elements: [image({ duration: -2, width: 160 })],
    },
    seconds: 6,
  },
  {
    name: 'transitions overlap the scenes',
    movie: {
      resolution: 'full-hd',
      scenes: [4, 4, 4].map((duration) => ({
        duration,
        transition: { style: 'fade', duration: 0.5 },
        elements: [image()],
      })),
    },
    seconds: 11,
    width: 1920,
  },
  {
    name: 'an element that starts later and lingers',
    movie: { scenes: [{ elements: [image({ start: 2, duration: 3, 'extra-time': 0.5 })] }] },
    seconds: 5.5,
  },
  {
    name: 'an image without any duration',
    movie: { scenes: [{ elements: [image({ rotate: { angle: 360, speed: 1 } })] }] },
    fails: 'Movie duration cannot be zero',
  },
  {
    name: 'a movie shorter than a second',
    movie: { scenes: [{ duration: 0.4, elements: [text('a')] }] },
    fails: 'Movie duration cannot be zero',
  },
];
