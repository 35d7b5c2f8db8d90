import { isCancellation, proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Claim, Look } from '../render/activity-results.js';
import type { HintResult } from '../render/reading.js';
import { CONFIRM_INTERVAL_MS } from '../render/limits.js';
import { isoOf } from '../text/time.js';
import type { Absent, Accepted, Doubt, SubmissionEnd } from './ends.js';
import type { Render } from './render.js';
import { metrics } from './run-metrics.js';

/** A failed look proves nothing: the engine repeats it. */
const LOOK_RETRY = { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '1 minute' } as const;

interface LookTerms {
  /** Describes the look in the UI. */
  readonly why: string;
  /** True if an absence must be proven. */
  readonly prove?: boolean;
  /** The activity repeats by itself, without history. */
  readonly until?: 'found' | 'proven';
  /** The look fails after this time, retries included; never by default. */
  readonly withinMs?: number;
  readonly maximumAttempts?: number;
}

/** Reads the provider's whole list for the movie of a doubt, or for one of which surely nothing was sent. */
export async function look(
  { identity, checksQueue, following }: Render,
  doubt: Omit<Doubt, 'message' | 'account'> & { readonly account?: string },
  { why, prove, until, withinMs, maximumAttempts }: LookTerms,
): Promise<Look> {
  const { findMovie } = proxyActivities<Activities>({
    taskQueue: checksQueue,
    // A long list takes minutes; heartbeats show that the worker lives.
    startToCloseTimeout: '15 minutes',
    heartbeatTimeout: '30s',
    ...(withinMs === undefined ? {} : { scheduleToCloseTimeout: withinMs }),
    retry: { ...LOOK_RETRY, ...(maximumAttempts === undefined ? {} : { maximumAttempts }) },
    // Settles what is paid for: before checks.
    priority: { priorityKey: 2 },
    summary: `Look for the movie in the provider's list, ${why}`,
  });
  const { since, account, settledAtMs, marksSuffice } = doubt;
  const { fingerprint } = identity;
  const settledAt = isoOf(settledAtMs);
  const seen = await findMovie({ since, fingerprint, account, settledAt, prove, until, marksSuffice });
  following.seen(seen);
  return seen;
}

/** Returns the end that a look means. Another movie under the key counts only in a look after the settle window. */
export function endOf(seen: Look, isLast: boolean): Exclude<SubmissionEnd, { end: 'rejected' }> | Absent {
  const { found, otherProject, unproven, runId, at, isProven = false, restoredTo } = seen;
  if (found !== undefined) return adopt(found);
  if (isLast && otherProject !== undefined) {
    return {
      end: 'reused',
      project: otherProject,
      message: `the provider holds another movie under this key, project ${otherProject}`,
    };
  }
  const restored = restoredTo === undefined ? {} : { restoredTo };
  return { end: 'absent', looked: { runId, at, isProven: isLast && isProven, ...restored }, unproven };
}

/** Returns the end of a doubt whose movie was found. */
export function adopt(found: NonNullable<Look['found']>): Accepted {
  return { end: 'accepted', adopted: true, ...found };
}

/**
 * Asks the provider about the projects that hints name, and returns the one that carries our mark. Drops a hint that
 * cannot be checked now, since looks go on. A false hint costs a pause, so that a flood of hints causes no flood of GETs.
 */
export async function claimHinted({
  identity,
  hints,
  checksQueue,
  following,
}: Render): Promise<Claim['found']> {
  const { claimMovie } = proxyActivities<Activities>({
    taskQueue: checksQueue,
    startToCloseTimeout: '40s',
    retry: { initialInterval: '5s', maximumAttempts: 3 },
    summary: 'Ask the provider about the project that a webhook names',
  });
  for (const project of hints.takeProjects()) {
    const claim = await claimMovie({ project, fingerprint: identity.fingerprint }).catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      return undefined;
    });
    metrics.hinted(resultOf(claim));
    if (claim !== undefined) following.seen(claim);
    if (claim?.found !== undefined) return claim.found;
    await sleep(CONFIRM_INTERVAL_MS, { summary: 'Wait until the next webhook may be checked' });
  }
  return undefined;
}

function resultOf(claim: Claim | undefined): HintResult {
  if (claim === undefined) return 'unanswered';
  return claim.found === undefined ? 'foreign' : 'confirmed';
}
