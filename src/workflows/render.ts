import type { RenderOptions } from '../render/options.js';
import type { DecisionQueue } from './decision-queue.js';
import type { RenderDisplay } from './display.js';
import type { Following } from './following.js';
import type { Hints } from './hints.js';
import type { FailureDetails } from './messages.js';
import type { Spending } from './spending.js';

/** One render, as the parts of the workflow share it. */
export interface Render {
  readonly identity: Pick<FailureDetails, 'key' | 'fingerprint' | 'caller'>;
  readonly options: RenderOptions;
  readonly display: RenderDisplay;
  readonly hints: Hints;
  readonly decisions: DecisionQueue;
  readonly following: Following;
  readonly spending: Spending;
  /** Task queue of checks and looks; a submission that hangs holds none of its slots. */
  readonly checksQueue: string;
}
