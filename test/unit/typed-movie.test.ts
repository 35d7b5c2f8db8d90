import { expectTypeOf, test } from 'vitest';
import type { Json, JsonObject, Movie, MovieInput, Renders, SceneElement } from '../../src/index.js';

/** `npm run typecheck` is the test of this file: each `@ts-expect-error` stands for a planted mistake. */

test('a movie of scenes and one of a template are typed, with fields of their own beside the documented ones', () => {
  const slideshow: Movie = {
    resolution: 'custom',
    width: 1080,
    height: 1920,
    scenes: [
      {
        duration: '{{seconds}}',
        transition: { style: 'fade', duration: 0.5 },
        elements: [
          { type: 'image', src: 'https://cdn.example.com/a.jpg', resize: 'cover', zoom: 2, 'new-field': 1 },
          { type: 'voice', text: '{{line}}', voice: 'en-US-AriaNeural', model: 'azure' },
        ],
      },
    ],
    elements: [{ type: 'subtitles', language: 'en', settings: { style: 'classic' } }],
    'a-field-of-next-year': { anything: true },
  };
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
