import { isJsonObject, type Json, type JsonObject } from '../text/json.js';
import { type MovieValues, ownScope } from './movie-values.js';
import { itemsOf, NO_VARIABLES, type Scope, scopeWithin, Uncheckable } from './scope.js';

/** A scene or an element at its place, once for each repetition. */
interface Placed {
  readonly part: JsonObject;
  /** Path in the movie, e.g. `scenes[0].elements[1]`. */
  readonly path: string;
  readonly scope: Scope;
  /** False if only the render knows if its condition holds. */
  readonly isSure: boolean;
}

export type PlacedElement = Placed;

export interface PlacedScene extends Placed {
  /** True if only the render knows how often the scene is repeated. */
  readonly isRepeated: boolean;
  readonly elements: readonly PlacedElement[];
}

/** A movie whose scenes are repeated and whose conditions are decided as far as that is known before the render. */
export interface UnfoldedMovie {
  readonly scenes: readonly PlacedScene[];
  /** The movie's own elements. */
  readonly elements: readonly PlacedElement[];
}

/** Scenes and elements of one movie with all repetitions: no render has as many. */
const MAX_PARTS = 50_000;

/**
 * Unfolds a movie into its scenes and elements, as the provider does: `iterate` repeats a scene for each item of a list,
 * and what a `condition` leaves out is not there.
 *
 * @throws Uncheckable
 */
export function unfold(movie: JsonObject, values: MovieValues): UnfoldedMovie {
  return new Unfolder(values).unfold(movie);
}

class Unfolder {
  readonly #values: MovieValues;
  #left = MAX_PARTS;

  constructor(values: MovieValues) {
    this.#values = values;
  }

  unfold(movie: JsonObject): UnfoldedMovie {
    const scope = ownScope(movie, NO_VARIABLES);
    const scenes = objectsOf(movie['scenes']).flatMap(([scene, index]) =>
      this.#scenes(scene, `scenes[${index}]`, scope),
    );
    return { scenes, elements: this.#elements(movie, '', scope) };
  }

  #scenes(scene: JsonObject, path: string, outer: Scope): PlacedScene[] {
    const scope = ownScope(scene, outer);
    const { iterate } = scene;
    if (typeof iterate !== 'string' || iterate === '') return this.#scene(scene, path, scope, false);
    const items = scope[0] === undefined ? undefined : itemsOf(iterate, scope[0]);
    if (items === undefined) return this.#scene(scene, path, scope, true);
    if (items.length === 0) return [];
    return scopeWithin(scene, outer).flatMap((lookUp) => this.#scene(scene, path, [lookUp], false));
  }

  #scene(part: JsonObject, path: string, scope: Scope, isRepeated: boolean): PlacedScene[] {
    return this.#placed(part, path, scope).map((placed) => ({
      ...placed,
      isRepeated,
      elements: this.#elements(part, `${path}.`, scope),
    }));
  }

  #elements(container: JsonObject, before: string, outer: Scope): PlacedElement[] {
    return objectsOf(container['elements']).flatMap(([element, index]) =>
      this.#placed(element, `${before}elements[${index}]`, ownScope(element, outer)),
    );
  }

  #placed(part: JsonObject, path: string, scope: Scope): Placed[] {
    this.#left -= 1;
    if (this.#left < 0) throw new Uncheckable('has too many scenes and elements');
    const isWanted = this.#values.isWanted(part, scope);
    return isWanted === false ? [] : [{ part, path, scope, isSure: isWanted === true }];
  }
}

/** Returns the objects in a list with their index. */
function objectsOf(value: Json | undefined): [JsonObject, number][] {
  const items: readonly Json[] = Array.isArray(value) ? value : [];
  return items.flatMap((item, index): [JsonObject, number][] => (isJsonObject(item) ? [[item, index]] : []));
}
