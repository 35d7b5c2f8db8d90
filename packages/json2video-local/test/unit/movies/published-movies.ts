import type { MovieCase } from './movie-case.js';
import { image, speech, text, video, voice } from './movie-case.js';

const TEMPLATE = 'LerKrmBfiqaIgBuacLWn';

/** Movies of the shapes that n8n and Make workflows, SDK examples and other users publish, written anew. */
export const PUBLISHED: readonly MovieCase[] = [
  {
    name: 'n8n: vertical short with width and height as text, and captions inside the scene',
    movie: {
      width: '1080',
      height: '1920',
      quality: 'high',
      scenes: [{ elements: [video({ duration: 15 }), { type: 'subtitles', settings: { 'font-size': 90 } }] }],
    },
    seconds: 15,
    width: 1080,
  },
  {
    name: 'n8n: merges clips of a public Google Drive',
    movie: {
      resolution: 'full-hd',
      scenes: [1, 2].map((id) => ({
        elements: [video({ src: `https://drive.google.com/uc?id=1AbC${id}&export=download`, duration: 6 })],
      })),
    },
    seconds: 12,
  },
  {
    name: 'n8n: a movie without scenes',
    movie: {
      resolution: 'hd',
      elements: [video({ duration: 9 }), text('Like and share', { start: 6, duration: 3 })],
    },
    seconds: 9,
    width: 1280,
  },
  {
    name: 'Make: a template with a repeated scene, and numbers as texts',
    movie: {
      template: TEMPLATE,
      variables: {
        slides: [
          { photo: 'https://c.example/1.jpg', seconds: '3' },
          { photo: 'https://c.example/2.jpg', seconds: '4' },
        ],
        volume: '0.1',
        title: 20,
      },
    },
    seconds: 7,
    options: {
      templates: {
        [TEMPLATE]: {
          movie: {
            scenes: [
              {
                iterate: 'slides',
                duration: '{{seconds}}',
                elements: [image({ src: '{{photo}}' }), text('{{title}}')],
              },
            ],
            elements: [{ type: 'audio', src: 'https://a.example/1.mp3', volume: '{{volume}}', duration: -2 }],
          },
        },
      },
    },
  },
  {
    name: 'Make: nested arrays in variables',
    movie: {
      variables: {
        listing: { photos: ['https://c.example/1.jpg', 'https://c.example/2.jpg'] },
        agents: [{ name: 'Ann', phones: ['1', '2'] }],
      },
      scenes: [
        { duration: 2, iterate: 'listing.photos', elements: [image({ src: '{{item}}' })] },
        { duration: 3, elements: [text('{{agents[0].name}}: {{agents.0.phones.1}}')] },
      ],
    },
    seconds: 7,
  },
  {
    name: 'PHP: properties and a second render with the first project',
    movie: {
      quality: 'high',
      draft: false,
      project: 'JkGxEoPRF9EgRb32',
      scenes: [{ duration: 10, elements: [text('Hello world', { style: '003' })] }],
    },
    seconds: 10,
    options: { switches: { unknownKeys: 'refused' } },
  },
  {
    name: 'Node: a GIF as video, an address with a query and no path, spaces in a path',
    movie: {
      scenes: [
        { elements: [video({ src: 'https://media.example.com/funny.gif', duration: 3 })] },
        { elements: [video({ src: 'https://media.example.com?file=clip&v=2', duration: 2 })] },
        { duration: 2, elements: [image({ src: 'https://media.example.com/my files/a b.png' })] },
      ],
    },
    seconds: 7,
  },
  {
    name: 'Supabase: scenes from rows, with a background song',
    movie: {
      resolution: 'squared',
      variables: { rows: [{ body: speech(4) }, { body: speech(6) }] },
      scenes: [{ iterate: 'rows', elements: [image({ duration: -2 }), voice('{{body}}')] }],
      elements: [
        { type: 'audio', src: 'https://a.example/song.mp3', volume: 0.2, duration: -2, 'fade-out': 2 },
      ],
    },
    seconds: 10,
    width: 1080,
  },
  {
    name: 'Python: fields with null-like texts of unset variables',
    movie: {
      scenes: [
        {
          duration: 3,
          elements: [text('Price: {{price}}'), image({ condition: '{{photo}}', src: '{{photo}}' })],
        },
      ],
    },
    seconds: 3,
  },
  {
    name: 'a video trimmed by seek, twice',
    movie: { scenes: [{ elements: [video({ seek: 4, loop: 2 })] }] },
    seconds: 12,
    options: { assetSeconds: { 'https://cdn.example.com/clips/beach.mp4': 10 } },
  },
];
