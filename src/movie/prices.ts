/**
 * The provider's prices in credits, in this one place. Source: its pages "AI models catalog"
 * (json2video.com/docs/v2/reference/ai-models) and "Credit consumption" (…/reference/credits/credit-consumption), read on
 * 2026-11-29. Other copies of these pages differ: an older one has 60 credits a minute for ElevenLabs voices.
 */

/** Kind of an asset that the provider generates. */
export type AssetKind = 'image' | 'voice' | 'video';

/**
 * Price of a started second of video. The newest copy names it for every size; older ones name 4 credits above Full HD, so
 * such a quote is an estimate.
 */
export const CREDITS_PER_SECOND = 1;

/** Full HD, pixels of the longer and of the shorter side: up to it all copies name the same price. */
export const FULL_HD = { longer: 1920, shorter: 1080 } as const;

/** A model of the catalog. Its unit is an image, a second of speech or a second of video. */
interface Model {
  readonly kind: AssetKind;
  readonly name: string;
  readonly credits: number;
  /** Another name of the same model. */
  readonly alias?: string;
}

const CATALOG: readonly Model[] = [
  { kind: 'image', name: 'flux-schnell', credits: 0, alias: 'text-to-image-basic' },
  { kind: 'image', name: 'freepik-classic', credits: 0 },
  { kind: 'image', name: 'seedream-v4', credits: 15, alias: 'text-to-image-pro' },
  { kind: 'image', name: 'flux-pro', credits: 20 },
  { kind: 'image', name: 'gemini-2.5-flash', credits: 20, alias: 'nano-banana' },
  { kind: 'image', name: 'nano-banana-2', credits: 40 },
  { kind: 'image', name: 'nano-banana-pro', credits: 80 },
  { kind: 'voice', name: 'azure', credits: 0 },
  { kind: 'voice', name: 'elevenlabs-flash-v2-5', credits: 0 },
  { kind: 'voice', name: 'elevenlabs-v2', credits: 0, alias: 'elevenlabs' },
  { kind: 'voice', name: 'elevenlabs-v3', credits: 0 },
  { kind: 'video', name: 'seedance-v1.5-pro', credits: 20 },
  { kind: 'video', name: 'infinite-talk', credits: 20, alias: 'talking-head' },
  { kind: 'video', name: 'wan-v2.5', credits: 30 },
];

/** Models of elements that name none. No page says which; these are the free or featured ones. */
export const DEFAULT_MODELS: Readonly<Record<AssetKind, string>> = {
  image: 'flux-schnell',
  voice: 'azure',
  video: 'seedance-v1.5-pro',
};

/** Returns the credits per unit of a model; undefined if the catalog does not list it. */
export function unitPrice(kind: AssetKind, model: string): number | undefined {
  return CATALOG.find((each) => each.kind === kind && (each.name === model || each.alias === model))?.credits;
}
