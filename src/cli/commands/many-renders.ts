import { RenderonceError } from '../../render/errors.js';
import type { ListedRender } from '../../starter/list.js';
import { messageOf } from '../../text/text.js';

/** Most renders that one command changes: more keys than a person means at once, and few enough to keep in memory. */
export const MANY_RENDERS = 10_000;

/** A render that could not be changed. */
interface ManyFailure {
  readonly key: string;
  readonly code: string;
  readonly message: string;
}

/** Returns the reason why one of many renders could not be changed. */
export function failureOf(key: string, error: unknown): ManyFailure {
  return {
    key,
    code: error instanceof RenderonceError ? error.code : 'Unexpected',
    message: messageOf(error),
  };
}

/** Returns the renders that a person is asked about, ten of them by key. */
export function listLines(found: readonly ListedRender[]): string[] {
  const shown = found.slice(0, 10).map(({ key, state }) => `  ${key}: ${state}`);
  return found.length > shown.length ? [...shown, `  … and ${found.length - shown.length} more`] : shown;
}
