import type { Fields } from './field-types.js';

/** One kind of element: the fields with a checked type, and the required ones. */
interface ElementKind {
  readonly fields: Fields;
  readonly required: readonly string[];
}

/** Fields of a scene with a checked type. */
export const SCENE_FIELDS: Fields = { id: 'string', comment: 'string', cache: 'boolean', duration: 'number' };

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
  model: 'string',
  width: 'integer',
  height: 'integer',
  zoom: 'integer',
  resize: 'string',
};

const SOUND: Fields = { src: 'string', volume: 'number', muted: 'boolean', seek: 'number', loop: 'integer' };

const kind = (fields: Fields, ...required: string[]): ElementKind => ({
  fields: { ...COMMON, ...fields },
  required,
});

/** `src` is not among the required ones: without it the provider complains in words of its own. */
const KINDS: Readonly<Record<string, ElementKind>> = {
  image: kind(PICTURE),
  video: kind({ ...PICTURE, ...SOUND }),
  text: kind({ text: 'string', settings: 'object' }, 'text'),
  html: kind({ html: 'string', src: 'string' }),
  component: kind({ component: 'string', settings: 'object' }, 'component'),
  audio: kind(SOUND),
  voice: kind({ text: 'string', voice: 'string', model: 'string' }, 'text'),
  audiogram: kind({}),
  subtitles: kind({ settings: 'object', language: 'string' }),
};

/** Returns a kind of element; undefined if there is none of this type. */
export function elementKind(type: string): ElementKind | undefined {
  return Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
}
