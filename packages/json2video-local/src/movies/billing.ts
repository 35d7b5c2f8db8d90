import type { Credits } from '../account/credits.js';
import type { SwitchBoard } from '../switch-board.js';
import type { Movie } from './movie.js';
import type { RenderCache } from './render-cache.js';
import type { ShownState } from './timeline.js';

interface BillingDeps {
  readonly credits: Credits;
  readonly cache: RenderCache;
  readonly switches: SwitchBoard;
}

/** A generated asset that was charged for. */
export interface PaidAsset {
  readonly fingerprint: string;
  readonly credits: number;
}

/** The end and the price of a render. */
interface Settled {
  readonly outcome: ShownState;
  /** Charged for the render itself. */
  readonly credits: number;
  readonly assets: readonly PaidAsset[];
}

const PIXELS_4K = 3840 * 2160;

/** The end of a render that the balance does not pay for; the provider reports it at the end, too. */
const DRY: ShownState = { status: 'error', message: 'You exceeded the quota of time in your plan' };

/** Charges a movie: generated assets in any case, the render only if it is done. */
export class Billing {
  readonly #deps: BillingDeps;

  constructor(deps: BillingDeps) {
    this.#deps = deps;
  }

  settle(movie: Movie, outcome: ShownState, atMs: number): Settled {
    const { assets, isDry } = this.#payAssets(movie, atMs);
    if (isDry) return { outcome: DRY, credits: 0, assets };
    if (outcome.status !== 'done') return { outcome, credits: 0, assets };
    const credits = this.#priceOf(movie);
    return this.#deps.credits.charge(credits, 'render')
      ? { outcome, credits, assets }
      : { outcome: DRY, credits: 0, assets };
  }

  /** Charges the assets that are not in the cache, until the balance is too low. */
  #payAssets(movie: Movie, atMs: number): { assets: PaidAsset[]; isDry: boolean } {
    const { credits, cache } = this.#deps;
    const assets: PaidAsset[] = [];
    if (movie.isCached) return { assets, isDry: false };
    for (const { fingerprint, credits: price, isFresh } of movie.plan.assets) {
      if (!isFresh && cache.hasAsset(fingerprint, atMs)) continue;
      if (!credits.charge(price, 'asset')) return { assets, isDry: true };
      movie.assetCredits += price;
      cache.keepAsset(fingerprint, atMs);
      assets.push({ fingerprint, credits: price });
    }
    return { assets, isDry: false };
  }

  /** Returns one credit per started second of output; the sources disagree about 4K (C9). */
  #priceOf(movie: Movie): number {
    const { cachedCost, creditsPerSecond4k } = this.#deps.switches.current;
    if (movie.isCached && cachedCost === 'free') return 0;
    const { width, height, durationSeconds } = movie.plan;
    const perSecond = width * height >= PIXELS_4K ? creditsPerSecond4k : 1;
    return Math.ceil(durationSeconds) * perSecond;
  }
}
