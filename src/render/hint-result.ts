import type { Reading } from './reading.js';

/** What a webhook delivery turned out to be worth. */
export type HintResult =
  /** The provider says the same: the render has ended. */
  | 'confirmed'
  /** The provider says that it goes on. */
  | 'early'
  /** The provider did not tell. */
  | 'unanswered'
  /** It names a project that is not this render's. */
  | 'foreign';

/** What the GET that follows a hint says about the hint. */
export function hintResult(reading: Reading | undefined): HintResult {
  switch (reading?.says) {
    case 'done':
    case 'error':
      return 'confirmed';
    case 'rendering':
    case 'timeout':
    case 'gone':
      return 'early';
    case 'missing':
    case 'unreadable':
    case undefined:
      return 'unanswered';
  }
}
