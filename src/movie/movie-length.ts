import { isJsonObject, type Json } from '../text/json.js';
import { clipSeconds, generatedKind } from './generated-assets.js';
import type { MovieValues } from './movie-values.js';
import type { PlacedElement, PlacedScene, UnfoldedMovie } from './unfold.js';

/** Bounds of a length, seconds; equal if the length is known, `most` is infinite if nothing bounds it. */
interface Span {
  readonly least: number;
  readonly most: number;
}

/** Reason why a length is not known before the render. */
interface UnknownLength {
  readonly path: string;
  readonly what: string;
}

/** Length of a movie, and the reasons for what is unknown of it. */
export interface MovieLength extends Span {
  readonly unknown: readonly UnknownLength[];
}

/** Length of a movie without any element, which one page calls valid and another one an error. */
const EMPTY_SECONDS = 5;

const OPEN: Span = { least: 0, most: Number.POSITIVE_INFINITY };
const NOTHING: Span = { least: 0, most: 0 };

/** Elements that last as long as their container unless they say otherwise. */
const FILLERS = ['image', 'text', 'html', 'component', 'subtitles', 'audiogram'];
/** Those among them that have no length of their own. */
const STILL = ['image', 'subtitles'];

/** Returns the length of a movie: that of its scenes in sequence or of its own elements, whichever is longer. */
export function lengthOf(movie: UnfoldedMovie, values: MovieValues): MovieLength {
  return new Ruler(values).lengthOf(movie);
}

class Ruler {
  readonly #values: MovieValues;
  readonly #unknown: UnknownLength[] = [];

  constructor(values: MovieValues) {
    this.#values = values;
  }

  lengthOf({ scenes, elements }: UnfoldedMovie): MovieLength {
    const sequence = this.#inSequence(scenes);
    const isBeside = scenes.some(({ isSure, isRepeated }) => isSure && !isRepeated);
    const own = this.#ofElements(elements, '', isBeside);
    const least = rounded(Math.max(sequence.least, own.least));
    return { least, most: rounded(Math.max(sequence.most, own.most)), unknown: this.#unknown };
  }

  /** Adds up the scenes. A transition overlaps its scene with the one before. */
  #inSequence(scenes: readonly PlacedScene[]): Span {
    let [least, most] = [0, 0];
    let [isFirst, mayBeFirst] = [true, true];
    for (const scene of scenes) {
      const own = this.#ofScene(scene);
      const overlap = isFirst ? NOTHING : this.#overlap(scene);
      const isSure = scene.isSure && !scene.isRepeated;
      if (isSure) least += Math.max(0, own.least - overlap.most);
      most += scene.isRepeated ? OPEN.most : Math.max(0, own.most - (mayBeFirst ? 0 : overlap.least));
      if (!isSure) this.#open(scene.path, 'is shown as often as only the render knows');
      isFirst = false;
      mayBeFirst &&= !isSure;
    }
    return { least, most };
  }

  #ofScene({ part, path, scope, elements }: PlacedScene): Span {
    const duration = this.#values.duration(part, scope);
    if (typeof duration === 'number') return known(duration);
    if (duration === 'absent' || duration === 'natural') return this.#ofElements(elements, path, false);
    return this.#open(path, 'has a length that only the render knows');
  }

  #overlap({ part: { transition }, path, scope }: PlacedScene): Span {
    if (!isJsonObject(transition)) return NOTHING;
    const written: Json | undefined = transition['duration'];
    const seconds = written === undefined ? undefined : this.#values.seconds(written, scope);
    if (seconds !== undefined) return known(seconds);
    return this.#open(`${path}.transition`, 'has no duration, and no page says the default');
  }

  /** @param isBeside true for elements over scenes: they need no length of their own */
  #ofElements(elements: readonly PlacedElement[], path: string, isBeside: boolean): Span {
    if (elements.length === 0) return isBeside ? NOTHING : { least: 0, most: EMPTY_SECONDS };
    let [least, most] = [0, 0];
    for (const element of elements) {
      const span = this.#ofElement(element);
      if (element.isSure) least = Math.max(least, span.least);
      else this.#open(element.path, 'is shown only if its condition holds, which only the render knows');
      most = Math.max(most, span.most);
    }
    if (least > 0 || isBeside) return { least, most };
    return most === 0 ? this.#open(path, 'has no length, and none of its elements has one') : OPEN;
  }

  /** Returns the end of an element in its container; nothing if it lasts as long as that. */
  #ofElement(placed: PlacedElement): Span {
    const { part, path, scope } = placed;
    const seconds = this.#seconds(placed);
    if (seconds === 'fills') return NOTHING;
    const [start, extra] = [part['start'], part['extra-time']].map((time) =>
      this.#values.seconds(time, scope),
    );
    if (seconds === undefined || start === undefined || extra === undefined) {
      const least = seconds === undefined ? 0 : seconds + (start ?? 0) + (extra ?? 0);
      return { ...this.#open(path, 'has a length that only the render knows'), least };
    }
    return known(start + seconds + extra);
  }

  #seconds({ part, scope }: PlacedElement): number | 'fills' | undefined {
    const duration = this.#values.duration(part, scope);
    if (typeof duration === 'number') return duration;
    if (duration === 'container') return 'fills';
    const { type, loop, seek } = part;
    if (duration === 'unknown' || typeof type !== 'string') return undefined;
    if (FILLERS.includes(type)) return duration === 'absent' || STILL.includes(type) ? 'fills' : undefined;
    if (loop === -1 && (type === 'video' || type === 'audio')) return 'fills';
    const isWhole = loop === undefined && seek === undefined;
    if (isWhole && generatedKind(part, scope, this.#values) === 'video')
      return clipSeconds(part, scope, this.#values);
    return undefined;
  }

  #open(path: string, what: string): Span {
    this.#unknown.push({ path, what });
    return OPEN;
  }
}

const known = (seconds: number): Span => ({ least: seconds, most: seconds });

/** Rounds to milliseconds, so that a sum such as 0.1 + 0.2 starts no second. */
const rounded = (seconds: number): number => Math.round(seconds * 1_000) / 1_000;
