import type { JsonObject } from '../text/json.js';
import type { RenderOptionsInput } from './options.js';

/** The workflow's argument: the public contract for starters in any language. */
export interface RenderRequest {
  readonly movie: JsonObject;
  /** SHA-256 of the canonical movie, lower-case hex. */
  readonly fingerprint: string;
  /** A random token of the call that started the run. */
  readonly caller: string;
  readonly options?: RenderOptionsInput;
}
