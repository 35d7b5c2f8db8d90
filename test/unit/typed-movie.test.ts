import { expectTypeOf, test } from 'vitest';
import type { Json, JsonObject, Movie, MovieInput, Renders, SceneElement } from '../../src/index.js';

/** `npm run typecheck` is the test of this file: each `@ts-expect-error` stands for a planted mistake. */

test('a movie of scenes and one of a template are typed, with the fields that the documentation shows', () => {
  const slideshow: Movie = {
    resolution: 'custom',
    width: 1080,
    height: 1920,
    scenes: [
      {
        duration: '{{seconds}}',
        transition: { style: 'fade', duration: 0.5 },
        elements: [
          {
            type: 'image',
            src: 'https://cdn.example.com/a.jpg',
            resize: 'cover',
            zoom: 2,
            'pan-distance': 0.2,
          },
          { type: 'voice', text: '{{line}}', voice: 'en-US-AriaNeural', model: 'azure' },
        ],
      },
    ],
    elements: [{ type: 'subtitles', language: 'en', settings: { style: 'classic' } }],
  };
  const effects: Movie = {
    variables: { rooms: [{ photo: 'https://cdn.example.com/1.jpg' }], base: 5 },
    scenes: [
      {
        iterate: 'rooms',
        'iterate-as': 'room',
        condition: '{{ base > 3 }}',
        'background-color': '#4392F1',
        elements: [
          {
            type: 'image',
            prompt: 'A castle',
            model: 'flux-pro',
            'aspect-ratio': 'vertical',
            connection: 'mine',
          },
          {
            type: 'video',
            src: '{{ room.photo }}',
            loop: -1,
            duration: -2,
            rotate: { angle: 360, speed: 1 },
          },
          { type: 'video', src: 'a', 'chroma-key': { color: '#00b140', tolerance: 20 }, crop: { width: 9 } },
          { type: 'voice', text: 'Hi', model: 'elevenlabs', 'model-settings': { stability: 1 }, volume: 2 },
          { type: 'html', html: '<h1 class="text-red-700">Hi</h1>', tailwindcss: true, wait: 2, x: 10 },
          { type: 'component', component: 'basic/001', settings: { headline: { text: ['a', 'b'] } } },
          { type: 'audiogram', color: '#ff0000', amplitude: 5, opacity: 0.5 },
          {
            type: 'text',
            text: '{{ base }}',
            style: '003',
            position: 'custom',
            x: 1,
            y: 2,
            duration: '{{ base + 2 }}',
          },
        ],
      },
    ],
    elements: [{ type: 'subtitles', captions: 'https://cdn.example.com/a.srt', model: 'whisper' }],
    draft: false,
  };
  expectTypeOf(effects).toExtend<Movie>();
  // Fields of the tutorials, of the guides to audiograms and to saved assets, and of the oldest schema.
  const guides: Movie = {
    resolution: 'instagram-portrait',
    preload: [{ id: 'hero', type: 'image', model: 'flux-schnell', prompt: 'A plane', 'save-to-media': true }],
    scenes: [
      { id: 'base', elements: [] },
      {
        import: 'base',
        elements: [
          { type: 'audiogram', color: 'white', y: 800, volume: 0.5, muted: false, resize: 'fit', zoom: 1 },
          { type: 'html', tailwind: true, html: '<b>Hi</b>', settings: { 'font-size': '25px' }, rotate: {} },
          { type: 'html', src: 'https://example.com', capture: { width: 640, height: 360, duration: 5 } },
          { type: 'component', component: 'basic/000', settings: { headline: 'FOR SALE' }, pan: 'left' },
          { type: 'image', src: '{{hero.url}}', 'aspect-ratio': 'square', scale: { width: -1, height: 9 } },
          { type: 'voice', text: 'Hi', model: 'elevenlabs', 'save-to-media': true },
        ],
      },
    ],
  };
  expectTypeOf(guides).toExtend<Movie>();
  const template: Movie = {
    template: 'LerKrmBfiqaIgBuacLWn',
    variables: { headline: 'Hello', rooms: [{ name: 'Kitchen' }] },
    exports: [
      {
        destinations: [
          { type: 'webhook', endpoint: 'https://example.com/hook' },
          { id: 'archive-sftp', 'remote-path': './weekly' },
        ],
      },
    ],
  };
  expectTypeOf(slideshow).toExtend<MovieInput>();
  expectTypeOf(template.variables).toEqualTypeOf<Readonly<Record<string, unknown>> | undefined>();
});

test('the compiler rejects mistakes in documented fields', () => {
  // @ts-expect-error a misspelt resolution
  const resolution: Movie = { resolution: 'fullhd' };
  // @ts-expect-error scenes are a list
  const scenes: Movie = { scenes: { elements: [] } };
  // @ts-expect-error a text needs its text
  const text: SceneElement = { type: 'text', style: '001' };
  // @ts-expect-error there is no such kind of element
  const kind: SceneElement = { type: 'rectangle' };
  // @ts-expect-error subtitles belong to the movie, not to a scene
  const subtitles: Movie = { scenes: [{ elements: [{ type: 'subtitles' }] }] };
  // @ts-expect-error a webhook needs an endpoint
  const webhook: Movie = { exports: [{ destinations: [{ type: 'webhook' }] }] };
  // @ts-expect-error a misspelt name of a movie
  const name: Movie = { scenes: [], client_data: {} };
  // @ts-expect-error a misspelt name of a scene
  const inScene: Movie = { scenes: [{ backgroundColor: '#000000' }] };
  // @ts-expect-error a misspelt name of an element
  const inElement: SceneElement = { type: 'image', scr: 'https://cdn.example.com/1.png' };
  // @ts-expect-error a field of another kind of element
  const ofAnother: SceneElement = { type: 'audio', html: '<b>Hi</b>' };
  const inDestination: Movie = {
    // @ts-expect-error a misspelt name of a destination
    exports: [{ destinations: [{ type: 'webhook', endpoint: 'a', contentType: 'b' }] }],
  };
  expectTypeOf([name, inScene, inElement, ofAnother, inDestination]).toBeArray();
  // @ts-expect-error seconds are a number or a variable
  const seconds: Movie = { scenes: [{ duration: '5' }] };
  expectTypeOf([resolution, scenes, text, kind, subtitles, webhook, seconds]).toBeArray();
});

test('the public methods take typed movies and any JSON object, and no text or number', () => {
  interface OwnMovie {
    scenes: { duration: number; elements: { type: string; text?: string }[] }[];
  }
  expectTypeOf<Renders['submitOnce']>().parameter(1).toEqualTypeOf<MovieInput>();
  expectTypeOf<Renders['start']>().parameter(1).toEqualTypeOf<MovieInput>();
  expectTypeOf<Renders['render']>().parameter(1).toEqualTypeOf<MovieInput>();
  expectTypeOf<Movie>().toExtend<MovieInput>();
  expectTypeOf<JsonObject>().toExtend<MovieInput>();
  expectTypeOf<JsonObject>().toExtend<Movie>();
  expectTypeOf<OwnMovie>().toExtend<MovieInput>();
  expectTypeOf<string>().not.toExtend<MovieInput>();
  expectTypeOf<Json>().not.toExtend<MovieInput>();
});

test('the kind of an element decides its fields', () => {
  const textOf = (element: SceneElement): string | undefined =>
    element.type === 'text' || element.type === 'voice' ? element.text : undefined;
  expectTypeOf(textOf).returns.toEqualTypeOf<string | undefined>();
});
