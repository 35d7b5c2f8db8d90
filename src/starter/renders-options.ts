import type { Client } from '@temporalio/client';
import type { VideoStore } from '../keep/video-store.js';
import type { AssetRule } from '../movie/asset-urls.js';
import type { Movie } from '../movie/typed-movie.js';
import type { RenderOptionsInput } from '../render/options.js';

/** Options of `Renders`. */
export interface RendersOptions {
  /** A connected `@temporalio/client` Client; the keys live in its namespace. */
  readonly client: Client;
  /** The workers' task queue, `renderonce` by default. */
  readonly taskQueue?: string;
  /** Default options of every render, e.g. `{ resubmissions: 0 }`; the options of a call go before them. */
  readonly defaults?: Omit<RenderOptionsInput, 'lookFrom' | 'lookUntil'>;
  /** The store of kept videos, from `openVideoStore`. Only `link` needs it, if the store has no public address. */
  readonly keep?: VideoStore | undefined;
  /** Addresses that movies may name: `public` (default) refuses those outside the public web, `any` refuses none. */
  readonly assets?: AssetRule;
}

/** A movie: of the documented fields, or any JSON object. The call checks it and throws `MovieInvalid`. */
export type MovieInput = Movie | object;
