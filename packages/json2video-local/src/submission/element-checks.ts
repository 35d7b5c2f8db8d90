import type { JsonObject } from '../json.js';
import { objectsOf, textOf } from '../json.js';
import { elementKind } from './element-fields.js';
import { fieldFault, missing } from './field-types.js';
import type { Switches } from '../switches.js';

/** A reason why a movie cannot be rendered, in the provider's words. */
export interface MovieFailure {
  readonly message: string;
  /**
   * `document`: the JSON alone shows it, so the movie fails at once, or is refused at POST (switch `validation`).
   * `render`: it shows while rendering, after assets have been generated.
   */
  readonly stage: 'document' | 'render';
}

const NEEDS_SOURCE = ['image', 'video', 'audio'];

/** Names of files that are no videos: the server downloads nothing. A GIF is accepted. */
const NO_VIDEO = /\.(html?|png|jpe?g|webp|bmp|tiff?|svg|txt|pdf|json)$/i;

/** Returns the first fault of the movie's elements; undefined if there is none. */
export function elementFailure(movie: JsonObject, switches: Switches): MovieFailure | undefined {
  const elements = elementsOf(movie);
  const isRefused = switches.sceneSubtitles === 'refused';
  const misplaced = elements.find(
    ({ element, isInScene }) => isRefused && isInScene && element['type'] === 'subtitles',
  );
  if (misplaced !== undefined) return { message: noSchema(misplaced, 'subtitles'), stage: 'document' };
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

const noSchema = ({ names }: PlacedElement, type: string): string =>
  `Object [${names.path}] does not match any of possible schemas: ${type}`;

function documentFault(placed: PlacedElement): string | undefined {
  const { element, names } = placed;
  const type = textOf(element['type']);
  if (type === undefined) return missing('type', names.path);
  const kind = elementKind(type);
  if (kind === undefined) return noSchema(placed, type);
  const required = kind.required.find((name) => element[name] === undefined);
  if (required !== undefined) return missing(required, names.path);
  for (const [name, fieldType] of Object.entries(kind.fields)) {
    const fault = fieldFault(name, element[name], fieldType, names.path);
    if (fault !== undefined) return fault;
  }
  if (type === 'voice' && textOf(element['text']) === undefined) {
    return `${names.place}: Voice generation failed: No text provided`;
  }
  return NEEDS_SOURCE.includes(type) ? sourceFault(type, placed) : undefined;
}

/** Checks for a source; an image or video may be generated from a prompt instead. */
function sourceFault(type: string, { element, names }: PlacedElement): string | undefined {
  if (textOf(element['src']) !== undefined || textOf(element['prompt']) !== undefined) return undefined;
  // Mostly a variable that came to nothing.
  if (element['src'] === '') return `Source URL is required for ${type} element in ${names.plain}`;
  return `${names.title}: The element type '${type}' requires a 'src' property.`;
}

function renderFault({ element, names }: PlacedElement): string | undefined {
  const source = textOf(element['src']);
  if (source === undefined || !URL.canParse(source)) return undefined;
  const { hostname, pathname, searchParams } = new URL(source);
  // A public file has its ID in the query or in the path; a folder is none.
  if (hostname === 'drive.google.com' && !searchParams.has('id') && !pathname.startsWith('/file/d/')) {
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

/** Names of one element: each part of the provider uses another one. */
interface ElementNames {
  /** `movie/scenes[0]/elements[1]` */
  readonly path: string;
  /** `Scene #1 Element #2` */
  readonly title: string;
  /** `Scene #1, element #2` */
  readonly place: string;
  /** `Scene 1, Element 2` */
  readonly plain: string;
}

/** An element and its place in the movie. */
interface PlacedElement {
  readonly element: JsonObject;
  readonly names: ElementNames;
  readonly isInScene: boolean;
}

/** Returns every element of a movie in the order of the document: those of the scenes, then those of the movie. */
export function elementsOf(movie: JsonObject): PlacedElement[] {
  const inScenes = objectsOf(movie['scenes']).flatMap((scene, at) =>
    objectsOf(scene['elements']).map((element, index) => ({
      element,
      names: namesInScene(at, index),
      isInScene: true,
    })),
  );
  const overlays = objectsOf(movie['elements']).map((element, index) => ({
    element,
    names: overlayNames(index),
    isInScene: false,
  }));
  return [...inScenes, ...overlays];
}

function namesInScene(scene: number, index: number): ElementNames {
  return {
    path: `movie/scenes[${scene}]/elements[${index}]`,
    title: `Scene #${scene + 1} Element #${index + 1}`,
    place: `Scene #${scene + 1}, element #${index + 1}`,
    plain: `Scene ${scene + 1}, Element ${index + 1}`,
  };
}

function overlayNames(index: number): ElementNames {
  const title = `Element #${index + 1}`;
  return { path: `movie/elements[${index}]`, title, place: title, plain: `Element ${index + 1}` };
}
