import type { JsonObject } from '../json.js';
import { objectsOf } from '../json.js';

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
export interface PlacedElement {
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
