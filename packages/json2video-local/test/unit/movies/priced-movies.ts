import type { MovieCase } from './movie-case.js';
import { speech, text, video, voice } from './movie-case.js';

/** Movies with generated assets and other prices. */
export const PRICED: readonly MovieCase[] = [
  {
    name: 'n8n: pictures by flux-pro with a voice each',
    movie: {
      resolution: 'instagram-story',
      scenes: [1, 2, 3].map((number) => ({
        elements: [
          {
            type: 'image',
            prompt: `A castle, view ${number}`,
            model: 'flux-pro',
            'aspect-ratio': 'vertical',
            duration: -2,
          },
          voice(speech(5), { model: 'azure' }),
        ],
      })),
      elements: [{ type: 'subtitles', language: 'en', settings: { style: 'boxed-word' } }],
    },
    seconds: 15,
    credits: 15 + 3 * 20,
  },
  {
    name: 'n8n: free pictures and free voices',
    movie: {
      scenes: [
        {
          elements: [
            { type: 'image', prompt: 'A bee', model: 'freepik-classic' },
            voice(speech(8), { model: 'elevenlabs-flash-v2-5' }),
          ],
        },
      ],
    },
    seconds: 8,
    credits: 8,
  },
  {
    name: 'Make: a picture through an own connection costs nothing',
    movie: {
      scenes: [
        {
          duration: 4,
          elements: [
            { type: 'image', prompt: 'A bee', model: 'nano-banana-pro', connection: 'my-replicate' },
          ],
        },
      ],
    },
    seconds: 4,
    credits: 4,
  },
  {
    name: 'a generated clip is priced by the second',
    movie: {
      scenes: [
        {
          elements: [
            {
              type: 'video',
              prompt: 'Waves',
              model: 'seedance-v1.5-pro',
              duration: 6,
              'model-settings': { duration: 6 },
            },
          ],
        },
      ],
    },
    seconds: 6,
    credits: 6 + 6 * 20,
  },
  {
    name: 'the alias of a model has its price',
    movie: {
      scenes: [{ duration: 3, elements: [{ type: 'image', prompt: 'A cat', model: 'nano-banana' }] }],
    },
    seconds: 3,
    credits: 23,
  },
  {
    name: 'assets are charged although a download fails later',
    movie: {
      scenes: [
        {
          duration: 3,
          elements: [
            { type: 'image', prompt: 'A dog', model: 'seedream-v4' },
            video({ src: 'https://c.example/missing/a.mp4' }),
          ],
        },
      ],
    },
    fails: "Scene #1, element #2: Failed to download 'https://c.example/missing/a.mp4' (404)",
    credits: 15,
  },
  {
    name: 'ElevenLabs by the older price table',
    movie: { scenes: [{ elements: [voice(speech(20), { model: 'elevenlabs', voice: 'Adam' })] }] },
    seconds: 20,
    credits: 40,
    options: { switches: { voiceCreditsPerMinute: 60 } },
  },
  {
    name: '4K by the older price table',
    movie: {
      resolution: 'custom',
      width: 3840,
      height: 2160,
      scenes: [{ duration: 5, elements: [text('a')] }],
    },
    seconds: 5,
    credits: 20,
    width: 3840,
    options: { switches: { creditsPerSecond4k: 4 } },
  },
];
