import type { JsonObject } from '../json.js';
import { textOf } from '../json.js';
import { assetFingerprint } from '../submission/fingerprint.js';
import { generatedSeconds, voiceSeconds } from '../submission/lengths.js';
import { elementsOf } from '../submission/element-checks.js';
import type { Switches } from '../switches.js';
import { unitPrice } from './prices.js';

/** Speech or a picture that the provider has another service make, and charges for. */
interface GeneratedAsset {
  readonly fingerprint: string;
  readonly credits: number;
  /** True with `cache: false` on its element: it is made and charged again. */
  readonly isFresh: boolean;
}

/** Fields that decide how the asset turns out. */
const PICTURE_FIELDS = ['prompt', 'model', 'model-settings', 'aspect-ratio', 'connection', 'seed'];
const VOICE_FIELDS = ['text', 'voice', 'model', 'model-settings', 'connection'];

/** Returns the assets of a movie that cost something, in the order of the document. */
export function generatedAssets(movie: JsonObject, switches: Switches): GeneratedAsset[] {
  return elementsOf(movie).flatMap(({ element }) => {
    // The customer's own account at the other service pays.
    if (textOf(element['connection']) !== undefined) return [];
    const { credits, fields } = assetOf(element, switches);
    if (credits === 0) return [];
    const deciding = Object.fromEntries(fields.map((name) => [name, element[name] ?? null]));
    const fingerprint = assetFingerprint({ type: element['type'], ...deciding });
    return [{ fingerprint, credits, isFresh: element['cache'] === false }];
  });
}

function assetOf(element: JsonObject, switches: Switches): { credits: number; fields: string[] } {
  const model = textOf(element['model']);
  const isGenerated = textOf(element['src']) === undefined && textOf(element['prompt']) !== undefined;
  switch (element['type']) {
    case 'image':
      return { credits: isGenerated ? unitPrice('image', model) : 0, fields: PICTURE_FIELDS };
    case 'video': {
      const credits = Math.ceil(generatedSeconds(element) * unitPrice('video', model));
      return { credits: isGenerated ? credits : 0, fields: PICTURE_FIELDS };
    }
    case 'voice': {
      const seconds = voiceSeconds(element);
      const older = model?.startsWith('elevenlabs') === true ? switches.voiceCreditsPerMinute / 60 : 0;
      return { credits: Math.ceil(seconds * (unitPrice('voice', model) + older)), fields: VOICE_FIELDS };
    }
    default:
      return { credits: 0, fields: [] };
  }
}
