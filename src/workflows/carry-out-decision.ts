import { ActivityFailure, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { type Decision, describeDecision } from '../render/decision.js';
import { messageOf } from '../text/text.js';
import { isoOf } from '../text/time.js';
import type { DecisionReply } from './decision-queue.js';
import type { Doubt, DoubtEnd } from './ends.js';
import { adopt, endOf, lookBriefly } from './look.js';
import type { Render } from './render.js';

/** A decision that was carried out: the reply to the person, and the end of the doubt if it has one. */
interface CarriedOut {
  readonly answer: DecisionReply;
  readonly end?: DoubtEnd;
}

/** Carries out the next decision about a doubt. */
export async function carryOutDecision(render: Render, doubt: Doubt): Promise<CarriedOut> {
  const decision = render.decisions.next;
  if (decision === undefined) return refused('there is no decision');
  return carryOut(render, doubt, decision).catch((error: unknown) => {
    if (isCancellation(error)) throw error;
    const cause = error instanceof ActivityFailure ? error.cause : error;
    return refused(`the provider does not answer now, so nothing was done: ${messageOf(cause)}`);
  });
}

function carryOut(render: Render, doubt: Doubt, decision: Decision): Promise<CarriedOut> {
  switch (decision.action) {
    case 'adopt':
      return adoptProject(render, decision);
    case 'resubmit':
      return resubmit(render, doubt, decision);
    case 'abandon':
      return Promise.resolve(abandon(decision));
  }
}

/** Adopts a project if a GET finds our mark in it; by force any project, also one that cannot be read. */
async function adoptProject({ identity }: Render, decision: Decision): Promise<CarriedOut> {
  const { project = '', force = false } = decision;
  const { claimMovie } = proxyActivities<Activities>({
    startToCloseTimeout: '40s',
    retry: { initialInterval: '2s', maximumAttempts: 3 },
    summary: `Read project ${project}, which ${decision.by} wants to adopt`,
  });
  const claim = await claimMovie({ project, fingerprint: identity.fingerprint, force });
  if (claim.found === undefined)
    return refused(`${claim.notOurs ?? 'it is not ours'}; --force adopts it all the same`);
  const message = `project ${project} counts as the accepted movie; its render is awaited`;
  return { answer: { project, message }, end: adopt(claim.found) };
}

/** Looks once more before it lets the movie be sent again, and adopts the movie if it has turned up. */
async function resubmit(
  render: Render,
  { settledAtMs, isOver }: Doubt,
  { force }: Decision,
): Promise<CarriedOut> {
  if (isOver()) return refused('nothing is sent any more: the render was cancelled, or the movie rejected');
  if (Date.now() < settledAtMs && force !== true) {
    return refused(
      `an accepted movie may still turn up until ${isoOf(settledAtMs)}; wait for that, or pay twice at your own risk with --force`,
    );
  }
  const seen = await lookBriefly(render, 'before it is sent again');
  const end = endOf(seen);
  if (end?.end === 'accepted') {
    const { project } = end;
    return { answer: { project, message: `it turned up as project ${project}; nothing was sent` }, end };
  }
  if (end !== undefined) return { answer: { refused: describeEnd(end) }, end };
  const message = `it is not among the ${seen.scanned} movies of the provider's list, and is sent again now`;
  return { answer: { message }, end: { end: 'absent', lookedInRun: seen.runId, decided: true } };
}

function abandon(decision: Decision): CarriedOut {
  const message = 'the key is given up; nothing is sent, and only a call with restart: true starts it again';
  return { answer: { message }, end: { end: 'abandoned', message: describeDecision(decision) } };
}

function refused(message: string): CarriedOut {
  return { answer: { refused: message } };
}

/** Describes the end of a doubt to a person whose decision came too late for it. */
export function describeEnd(end: DoubtEnd | undefined): string {
  if (end === undefined) return 'the render was cancelled meanwhile';
  if (end.end === 'accepted') return `settled meanwhile: the movie is project ${end.project}`;
  if (end.end === 'absent') return 'settled meanwhile: the movie did not turn up, and is sent again';
  return `settled meanwhile: ${end.message}`;
}
