import { isCancellation, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Claim, FoundMovie, Look } from '../render/activity-results.js';
import type { HintResult } from '../render/hint-result.js';
import { CONFIRM_INTERVAL_MS } from '../render/limits.js';
import { lookSince } from '../render/look-times.js';
import { events } from './events.js';
import type { SubmissionEnd } from './submission.js';
import { LOOK_PRIORITY } from './priorities.js';
import type { Render } from './render.js';

/** Long lists take their time; a heartbeat a page tells that the worker lives. */
const LOOK_TIMEOUT = '15 minutes';
const LOOK_HEARTBEAT = '90s';

/** A look that fails is no look: it is repeated without end. */
const LOOK_RETRY = { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '1 minute' } as const;

function lookOptions(summary: string) {
  return {
    startToCloseTimeout: LOOK_TIMEOUT,
    heartbeatTimeout: LOOK_HEARTBEAT,
    retry: LOOK_RETRY,
    priority: LOOK_PRIORITY,
    summary,
  } as const;
}

function requestOf({ identity, options }: Render) {
  return {
    since: lookSince(workflowInfo().startTime.getTime(), options.lookFrom),
    fingerprint: identity.fingerprint,
  };
}

/** Reads the provider's whole list once. */
export function look(render: Render, why: string): Promise<Look> {
  const { findMovie } = proxyActivities<Activities>(
    lookOptions(`Look for the movie in the provider's list, ${why}`),
  );
  return findMovie(requestOf(render));
}

/** As `look`, for a person who waits: gives up after a few failures, and throws the last. */
export function lookBriefly(render: Render, why: string): Promise<Look> {
  const { findMovie } = proxyActivities<Activities>({
    ...lookOptions(`Look for the movie in the provider's list, ${why}`),
    retry: { ...LOOK_RETRY, maximumAttempts: 3 },
  });
  return findMovie(requestOf(render));
}

/** Reads the list every few minutes until the movie is there: one activity, whose repetitions leave no history. */
export function lookUntilFound(render: Render): Promise<Look> {
  const { findMovie } = proxyActivities<Activities>(
    lookOptions("Look for the movie in the provider's list until it is there"),
  );
  return findMovie({ ...requestOf(render), untilFound: true });
}

/**
 * Whether one of the projects that hints name carries our mark. A hint that cannot be checked now is dropped, since looks
 * go on; a false one costs a pause, so that a flood of them causes no flood of GETs.
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
    events.hinted(resultOf(claim));
    if (claim?.found !== undefined) return claim.found;
    await sleep(CONFIRM_INTERVAL_MS, { summary: 'Wait until the next webhook may be checked' });
  }
  return undefined;
}

function resultOf(claim: Claim | undefined): HintResult {
  if (claim === undefined) return 'unanswered';
  return claim.found === undefined ? 'foreign' : 'confirmed';
}

/** The end of a doubt: the movie was accepted, and is ours. */
export function adopt(found: FoundMovie): SubmissionEnd {
  return { end: 'accepted', adopted: true, ...found };
}

/** What a look settles, or nothing where the movie is absent. */
export function endOf({ found, otherProject }: Look): SubmissionEnd | undefined {
  if (found !== undefined) return adopt(found);
  if (otherProject === undefined) return undefined;
  return {
    end: 'reused',
    message: `the provider holds another movie under this key, project ${otherProject}`,
  };
}
