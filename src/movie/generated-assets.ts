import { isJsonObject, type JsonObject } from '../text/json.js';
import type { MovieValues } from './movie-values.js';
import { type AssetKind, DEFAULT_MODELS, unitPrice } from './prices.js';
import type { Scope } from './scope.js';
import type { PlacedElement } from './unfold.js';

/** An image, speech or clip that the provider has an AI make. */
export interface GeneratedAsset {
  readonly path: string;
  /** A few words for a person, e.g. `image by flux-pro`. */
  readonly what: string;
  /** Undefined if the model is not in the provider's price table. */
  readonly credits: number | undefined;
}

/** Length of a generated clip whose settings name none; a guess. */
const CLIP_SECONDS = 5;
/** A longer clip has no price here: no model makes an hour. */
const MAX_CLIP_SECONDS = 3_600;
/** Characters that a voice speaks in a second, roughly. */
const CHARACTERS_PER_SECOND = 15;

/** Returns the asset that an element has generated; undefined if it has none. */
export function generatedAsset(placed: PlacedElement, values: MovieValues): GeneratedAsset | undefined {
  const { part, path, scope } = placed;
  const kind = generatedKind(part, scope, values);
  if (kind === undefined) return undefined;
  const named = values.text(part['model'], scope);
  const model = named === '' ? DEFAULT_MODELS[kind] : named;
  const [units, amount] = unitsOf(kind, placed, values);
  const by = `${amount}${kind} by ${model ?? 'a model that a variable names'}`;
  const connection = values.text(part['connection'], scope);
  // The account behind the caller's own connection pays the model.
  if (connection !== undefined && connection !== '')
    return { path, what: `${by}, through your connection`, credits: 0 };
  const price = model === undefined ? undefined : unitPrice(kind, model);
  if (price === undefined)
    return { path, what: `${by}, which is not in the price table`, credits: undefined };
  if (units > MAX_CLIP_SECONDS) return { path, what: `${by}, which is too long`, credits: undefined };
  return { path, what: by, credits: Math.ceil(units * price) };
}

/** Returns the seconds of a clip for which its settings ask; undefined if they name none. */
export function clipSeconds(part: JsonObject, scope: Scope, values: MovieValues): number | undefined {
  const settings = part['model-settings'];
  const wanted = isJsonObject(settings) ? settings['duration'] : undefined;
  const seconds = typeof wanted === 'string' ? Number(values.text(wanted, scope) || 'none') : wanted;
  return typeof seconds === 'number' && seconds > 0 && Number.isFinite(seconds) ? seconds : undefined;
}

/** Returns the kind of asset that an element has generated. A `src` goes before a `prompt`. */
export function generatedKind(part: JsonObject, scope: Scope, values: MovieValues): AssetKind | undefined {
  const { type, src, prompt } = part;
  if (type === 'voice') return 'voice';
  if (type !== 'image' && type !== 'video') return undefined;
  // A source that only the render knows may be empty: then the prompt counts.
  const isGenerated = values.text(prompt, scope) !== '' && (values.text(src, scope) ?? '') === '';
  return isGenerated ? type : undefined;
}

function unitsOf(kind: AssetKind, { part, scope }: PlacedElement, values: MovieValues): [number, string] {
  if (kind === 'image') return [1, ''];
  if (kind === 'voice') {
    const characters = (values.text(part['text'], scope) ?? '').length;
    return [Math.min(MAX_CLIP_SECONDS, Math.max(1, characters / CHARACTERS_PER_SECOND)), ''];
  }
  const seconds = clipSeconds(part, scope, values) ?? CLIP_SECONDS;
  return [seconds, `${seconds} s of `];
}
