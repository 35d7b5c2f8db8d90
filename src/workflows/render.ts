import type { RenderOptions } from '../render/options.js';
import type { Decisions } from './decisions.js';
import type { Hints } from './hints.js';
import type { FailureDetails } from './messages.js';
import type { RenderDisplay } from './render-state.js';

/** One render, as the parts of the workflow share it. */
export interface Render {
  readonly identity: Pick<FailureDetails, 'key' | 'fingerprint' | 'caller'>;
  readonly options: RenderOptions;
  readonly display: RenderDisplay;
  readonly hints: Hints;
  readonly decisions: Decisions;
}
