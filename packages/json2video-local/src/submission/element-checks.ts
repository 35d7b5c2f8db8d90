import type { JsonObject } from '../json.js';
import { textOf } from '../json.js';
import { elementKind } from './element-fields.js';
import { fieldFault, missing } from './field-types.js';
import type { PlacedElement } from './movie-elements.js';
import { elementsOf } from './movie-elements.js';

/** Why a movie cannot be rendered, in the provider's words. */
export interface MovieFailure {
  readonly message: string;
  /**
   * `document`: the JSON alone tells, so it fails at once, or is refused at POST (switch `validation`).
   * `render`: comes out while rendering, after assets have been generated.
   */
  readonly stage: 'document' | 'render';
}

const NEEDS_SOURCE = ['image', 'video', 'audio'];

/** No video, going by its name: the fake downloads nothing. */
const NO_VIDEO = /\.(html?|png|jpe?g|webp|bmp|tiff?|svg|txt|pdf|json)$/i;

/** The first thing wrong with the movie's elements; undefined: nothing. */
export function elementFailure(movie: JsonObject): MovieFailure | undefined {
  const elements = elementsOf(movie);
  for (const [find, stage] of [
    [documentFault, 'document'],
    [renderFault, 'render'],
  ] as const) {
    for (const placed of elements) {
      const message = find(placed);
      if (message !== undefined) return { message, stage };
    }
  }
  return undefined;
}

function documentFault({ element, names, isInScene }: PlacedElement): string | undefined {
  const type = textOf(element['type']);
  if (type === undefined) return missing('type', names.path);
  const kind = elementKind(type, isInScene);
  if (kind === undefined) return `Object [${names.path}] does not match any of possible schemas: ${type}`;
  const required = kind.required.find((name) => element[name] === undefined);
  if (required !== undefined) return missing(required, names.path);
  for (const [name, fieldType] of Object.entries(kind.fields)) {
    const fault = fieldFault(name, element[name], fieldType, names.path);
    if (fault !== undefined) return fault;
  }
  if (type === 'voice' && textOf(element['text']) === undefined) {
    return `${names.place}: Voice generation failed: No text provided`;
  }
  return NEEDS_SOURCE.includes(type) ? sourceFault(type, { element, names, isInScene }) : undefined;
}

/** An image or video may be generated from a prompt instead of being downloaded. */
function sourceFault(type: string, { element, names }: PlacedElement): string | undefined {
  if (textOf(element['src']) !== undefined || textOf(element['prompt']) !== undefined) return undefined;
  // Mostly a variable that came to nothing.
  if (element['src'] === '') return `Source URL is required for ${type} element in ${names.plain}`;
  return `${names.title}: The element type '${type}' requires a 'src' property.`;
}

function renderFault({ element, names }: PlacedElement): string | undefined {
  const source = textOf(element['src']);
  if (source === undefined || !URL.canParse(source)) return undefined;
  const { hostname, pathname } = new URL(source);
  if (hostname === 'drive.google.com') {
    return `${names.place}: Failed to download Google Drive URL: ${source}`;
  }
  // Two spellings stand for an asset that is not there.
  if (pathname.includes('/missing/') || hostname.endsWith('.invalid')) {
    return `${names.place}: Failed to download '${source}' (404)`;
  }
  if (element['type'] === 'video' && NO_VIDEO.test(pathname)) {
    return 'The URL provided is not a video file and cannot be used as a source for a video element';
  }
  return undefined;
}
