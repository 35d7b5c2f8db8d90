import type { JsonObject } from './json.js';
import { objectsOf, textOf } from './json.js';

const ELEMENT_TYPES = [
  'image',
  'video',
  'text',
  'html',
  'component',
  'audio',
  'voice',
  'audiogram',
  'subtitles',
];
const NEEDS_SOURCE = ['image', 'video', 'audio'];

/**
 * The first thing wrong with the movie's elements, in the provider's words; undefined: nothing. The provider
 * finds these at render time, so a movie with such an element is accepted and gets a project all the same.
 */
export function elementFault(movie: JsonObject): string | undefined {
  for (const [sceneIndex, scene] of objectsOf(movie['scenes']).entries()) {
    for (const [index, element] of objectsOf(scene['elements']).entries()) {
      const fault = faultOf(element, {
        schemaPath: `movie/scenes[${sceneIndex}]/elements[${index}]`,
        title: `Scene #${sceneIndex + 1} Element #${index + 1}`,
        place: `Scene #${sceneIndex + 1}, element #${index + 1}`,
      });
      if (fault !== undefined) return fault;
    }
  }
  for (const [index, element] of objectsOf(movie['elements']).entries()) {
    const title = `Element #${index + 1}`;
    const fault = faultOf(element, { schemaPath: `movie/elements[${index}]`, title, place: title });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The provider names one element in three ways, depending on which part of it complains. */
interface ElementNames {
  readonly schemaPath: string;
  readonly title: string;
  readonly place: string;
}

function faultOf(element: JsonObject, names: ElementNames): string | undefined {
  const type = textOf(element['type']);
  if (type === undefined) return `Property 'type' is required in ${names.schemaPath}`;
  if (!ELEMENT_TYPES.includes(type)) {
    return `Object [${names.schemaPath}] does not match any of possible schemas: ${type}`;
  }
  if (!NEEDS_SOURCE.includes(type)) return undefined;
  const source = textOf(element['src']);
  // An image or video may be generated from a prompt instead of being downloaded.
  if (source === undefined && textOf(element['prompt']) !== undefined) return undefined;
  if (source === undefined) {
    return `${names.title}: The element type '${type}' requires a 'src' property.`;
  }
  return isUnreachable(source) ? `${names.place}: Failed to download '${source}' (404)` : undefined;
}

/** The fake downloads nothing; two spellings stand for an asset that is not there. */
function isUnreachable(source: string): boolean {
  if (source.includes('/missing/')) return true;
  return URL.canParse(source) && new URL(source).hostname.endsWith('.invalid');
}
