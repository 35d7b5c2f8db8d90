import { isCancellation, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Claim, FoundMovie, Look } from '../render/activity-results.js';
import type { HintResult } from '../render/reading.js';
import { CONFIRM_INTERVAL_MS } from '../render/limits.js';
import { lookSince } from '../render/look-times.js';
import type { Accepted, SubmissionEnd } from './ends.js';
import type { Render } from './render.js';
import { metrics } from './run-metrics.js';

/** A long list takes minutes; a heartbeat for each page shows that the worker lives. */
const LOOK_TIMEOUT = '15 minutes';
const LOOK_HEARTBEAT = '90s';

/** A failed look proves nothing: the engine repeats it without end. */
const LOOK_RETRY = { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '1 minute' } as const;

function lookOptions(summary: string) {
  return {
    startToCloseTimeout: LOOK_TIMEOUT,
    heartbeatTimeout: LOOK_HEARTBEAT,
    retry: LOOK_RETRY,
    // Settles what is paid for: before checks, after submissions.
    priority: { priorityKey: 2 },
    summary,
  } as const;
}

function requestOf({ identity, options }: Render) {
  return {
    since: lookSince(workflowInfo().startTime.getTime(), options.lookFrom),
    fingerprint: identity.fingerprint,
  };
}

/** Reads the provider's whole list once, until it succeeds. */
export function look(render: Render, why: string): Promise<Look> {
  const { findMovie } = proxyActivities<Activities>(
    lookOptions(`Look for the movie in the provider's list, ${why}`),
  );
  return findMovie(requestOf(render));
}

/** Does `look` for a person who waits: gives up after a few failures, and throws the last. */
export function lookBriefly(render: Render, why: string): Promise<Look> {
  const { findMovie } = proxyActivities<Activities>({
    ...lookOptions(`Look for the movie in the provider's list, ${why}`),
    retry: { ...LOOK_RETRY, maximumAttempts: 3 },
  });
  return findMovie(requestOf(render));
}

/** Reads the list every few minutes until the movie is there: one activity, since its repetitions leave no history. */
export function lookUntilFound(render: Render): Promise<Look> {
  const { findMovie } = proxyActivities<Activities>(
    lookOptions("Look for the movie in the provider's list until it is there"),
  );
  return findMovie({ ...requestOf(render), untilFound: true });
}

/**
 * Asks the provider about the projects that hints name, and returns the one that carries our mark. Drops a hint that
 * cannot be checked now, since looks go on. A false hint costs a pause, so that a flood of hints causes no flood of GETs.
 */
export async function claimHinted({ identity, hints }: Render): Promise<FoundMovie | undefined> {
  const { claimMovie } = proxyActivities<Activities>({
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
    if (claim?.found !== undefined) return claim.found;
    await sleep(CONFIRM_INTERVAL_MS, { summary: 'Wait until the next webhook may be checked' });
  }
  return undefined;
}

function resultOf(claim: Claim | undefined): HintResult {
  if (claim === undefined) return 'unanswered';
  return claim.found === undefined ? 'foreign' : 'confirmed';
}

/** Returns the end of a doubt whose movie was found. */
export function adopt(found: FoundMovie): Accepted {
  return { end: 'accepted', adopted: true, ...found };
}

/** Returns the end that a look proves; undefined if the movie is absent. */
export function endOf({ found, otherProject }: Look): SubmissionEnd | undefined {
  if (found !== undefined) return adopt(found);
  if (otherProject === undefined) return undefined;
  return {
    end: 'reused',
    project: otherProject,
    message: `the provider holds another movie under this key, project ${otherProject}`,
  };
}
