/**
 * The provider's prices for generated assets, credits per unit: its page "AI models catalog" (docs/v2/reference/ai-models),
 * as read on 2026-11-29. An asset that is made through the customer's own `connection` is free.
 */
const CATALOG: Readonly<Record<AssetKind, Readonly<Record<string, number>>>> = {
  /** Per file. */
  image: {
    'flux-schnell': 0,
    'freepik-classic': 0,
    'gemini-2.5-flash': 20,
    'nano-banana-pro': 80,
    'nano-banana-2': 40,
    'seedream-v4': 15,
    'flux-pro': 20,
  },
  /** Per second of speech. */
  voice: { azure: 0, 'elevenlabs-flash-v2-5': 0, 'elevenlabs-v3': 0, 'elevenlabs-v2': 0 },
  /** Per second of video; the last one is an avatar. */
  video: { 'seedance-v1.5-pro': 20, 'wan-v2.5': 30, 'infinite-talk': 20 },
};

/** Other names of models, from the same page. */
const ALIASES: Readonly<Record<string, string>> = {
  'text-to-image-basic': 'flux-schnell',
  'text-to-image-pro': 'seedream-v4',
  'nano-banana': 'gemini-2.5-flash',
  elevenlabs: 'elevenlabs-v2',
  'talking-head': 'infinite-talk',
};

/** Models of elements that name none: a guess, the free or featured ones. */
const DEFAULTS = { image: 'flux-schnell', voice: 'azure', video: 'seedance-v1.5-pro' } as const;

/** Kind of a generated asset. */
type AssetKind = 'image' | 'voice' | 'video';

/** Returns the credits of one unit of a model: an image, or a second. A model that the catalog lacks is free. */
export function unitPrice(kind: AssetKind, model: string | undefined): number {
  const name = model ?? DEFAULTS[kind];
  return CATALOG[kind][ALIASES[name] ?? name] ?? 0;
}
