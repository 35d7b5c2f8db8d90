import type { JsonObject } from '../json.js';
import { textOf } from '../json.js';
import type { Switches } from '../switches.js';
import { assetFingerprint } from '../submission/fingerprint.js';
import { elementsOf } from '../submission/movie-elements.js';

/** Speech or a picture that the provider has another service make, and charges for. */
export interface GeneratedAsset {
  readonly fingerprint: string;
  readonly credits: number;
  /** `cache: false` on its element: made again, and charged again. */
  readonly isFresh: boolean;
}

/** The older price table's `flux-pro`, the only picture price in circulation. */
const CREDITS_PER_PICTURE = 20;
/** How fast voices speak, roughly. */
const CHARS_PER_SECOND = 15;

/** What of an element decides how the asset turns out. */
const PICTURE_FIELDS = ['prompt', 'model', 'model-settings', 'aspect-ratio', 'connection', 'seed'];
const VOICE_FIELDS = ['text', 'voice', 'model', 'model-settings', 'connection'];

/** The assets of a movie that cost something, in the order of the document. */
export function generatedAssets(movie: JsonObject, switches: Switches): GeneratedAsset[] {
  return elementsOf(movie).flatMap(({ element }) => {
    const { credits, fields } = assetOf(element, switches);
    if (credits === 0) return [];
    const deciding = Object.fromEntries(fields.map((name) => [name, element[name] ?? null]));
    const fingerprint = assetFingerprint({ type: element['type'], ...deciding });
    return [{ fingerprint, credits, isFresh: element['cache'] === false }];
  });
}

function assetOf(element: JsonObject, switches: Switches): { credits: number; fields: string[] } {
  const type = element['type'];
  const isPicture = type === 'image' || type === 'video';
  if (isPicture && textOf(element['src']) === undefined && textOf(element['prompt']) !== undefined) {
    return { credits: CREDITS_PER_PICTURE, fields: PICTURE_FIELDS };
  }
  const text = type === 'voice' ? textOf(element['text']) : undefined;
  if (text === undefined || textOf(element['model'])?.startsWith('elevenlabs') !== true) {
    return { credits: 0, fields: [] };
  }
  const minutes = text.length / CHARS_PER_SECOND / 60;
  return { credits: Math.ceil(minutes * switches.voiceCreditsPerMinute), fields: VOICE_FIELDS };
}
