import type { JsonObject } from '../text/json.js';
import type { RenderOptionsInput } from './options.js';

/** Argument of the workflow: part of the contract for clients in any language. */
export interface RenderRequest {
  readonly movie: JsonObject;
  /** SHA-256 of the canonical movie, lower-case hex. */
  readonly fingerprint: string;
  /** Random token of the call that started the run. */
  readonly caller: string;
  readonly options?: RenderOptionsInput;
}
