import type { Client } from '@temporalio/client';
import { abortable, type CallOptions } from '../temporal/ask-engine.js';
import { watchLimits } from '../temporal/rate-limits.js';

/** Longest wait past a caller's deadline. */
export const LAST_WORD_MS = 500;

/** Asks until the caller's deadline, and waits a moment longer for the reason why there is no answer. */
export function askUntil<T>(
  client: Client,
  key: string,
  { signal, deadlineMs }: CallOptions,
  question: (untilMs?: number) => Promise<T>,
): Promise<T> {
  if (deadlineMs === undefined) return abortable(client, { signal }, () => question());
  const limits = watchLimits(client);
  const late = (): Error => limits.errorOf({ key });
  const terms = { signal, deadlineMs: deadlineMs + LAST_WORD_MS };
  return abortable(client, terms, () => limits.run(() => question(Date.now() + deadlineMs)), late);
}
