import type { Fields } from './field-types.js';

/** One kind of element: the fields whose type is checked, and those it cannot do without. */
export interface ElementKind {
  readonly fields: Fields;
  readonly required: readonly string[];
}

const COMMON: Fields = {
  id: 'string',
  comment: 'string',
  variables: 'object',
  cache: 'boolean',
  start: 'number',
  duration: 'number',
  'extra-time': 'number',
  'z-index': 'integer',
  'fade-in': 'number',
  'fade-out': 'number',
};

const PICTURE: Fields = {
  src: 'string',
  prompt: 'string',
  width: 'integer',
  height: 'integer',
  zoom: 'integer',
  resize: 'string',
};

const SOUND: Fields = { src: 'string', volume: 'number', muted: 'boolean', seek: 'number' };

const kind = (fields: Fields, ...required: string[]): ElementKind => ({
  fields: { ...COMMON, ...fields },
  required,
});

/** `src` is not among the required ones: without it the provider complains in words of its own. */
const SCENE_KINDS: Readonly<Record<string, ElementKind>> = {
  image: kind(PICTURE),
  video: kind({ ...PICTURE, ...SOUND }),
  text: kind({ text: 'string', settings: 'object' }, 'text'),
  html: kind({ html: 'string', src: 'string' }),
  component: kind({ component: 'string', settings: 'object' }, 'component'),
  audio: kind(SOUND),
  voice: kind({ text: 'string', voice: 'string', model: 'string' }, 'text'),
  audiogram: kind({}),
};

/** The kinds that overlay the whole movie; `subtitles` is of use there only. */
const MOVIE_KINDS: Readonly<Record<string, ElementKind>> = {
  ...SCENE_KINDS,
  subtitles: kind({ settings: 'object', language: 'string' }),
};

/** Undefined: there is no such type of element here. */
export function elementKind(type: string, isInScene: boolean): ElementKind | undefined {
  const kinds = isInScene ? SCENE_KINDS : MOVIE_KINDS;
  return Object.hasOwn(kinds, type) ? kinds[type] : undefined;
}
