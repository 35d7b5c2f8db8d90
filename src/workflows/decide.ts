import { ActivityFailure, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { type Decision, describeDecision } from '../render/decision.js';
import { messageOf } from '../text/text.js';
import type { DecisionEnd } from './decisions.js';
import type { Doubt, Settled } from './settle.js';
import { adopt, endOf, lookBriefly } from './look.js';
import { isoOf } from '../text/time.js';

/** What a decision came to, and how it settles the doubt, where it does. */
export interface DecisionEffect {
  readonly end: DecisionEnd;
  readonly settled?: Settled;
}

/** Carries out the next decision about a doubt. */
export async function effectOfNext(doubt: Doubt): Promise<DecisionEffect> {
  const decision = doubt.render.decisions.next;
  if (decision === undefined) return refused('there is no decision');
  return effectOf(doubt, decision).catch((error: unknown) => {
    if (isCancellation(error)) throw error;
    const cause = error instanceof ActivityFailure ? error.cause : error;
    return refused(`the provider cannot be asked now, so nothing was done: ${messageOf(cause)}`);
  });
}

function effectOf(doubt: Doubt, decision: Decision): Promise<DecisionEffect> {
  switch (decision.action) {
    case 'adopt':
      return adoptProject(doubt, decision);
    case 'resubmit':
      return resubmit(doubt, decision);
    case 'abandon':
      return Promise.resolve(abandon(decision));
  }
}

/** A GET decides whether the project carries our mark; by force any project will do, also one that cannot be read. */
async function adoptProject({ render }: Doubt, decision: Decision): Promise<DecisionEffect> {
  const { project = '', force = false } = decision;
  const { claimMovie } = proxyActivities<Activities>({
    startToCloseTimeout: '40s',
    retry: { initialInterval: '2s', maximumAttempts: 3 },
    summary: `Read project ${project}, which ${decision.by} wants to adopt`,
  });
  const claim = await claimMovie({ project, fingerprint: render.identity.fingerprint, force });
  if (claim.found === undefined)
    return refused(`${claim.notOurs ?? 'it is not ours'}; --force adopts it all the same`);
  const message = `project ${project} is taken for the accepted movie; its render is awaited`;
  return { end: { project, message }, settled: adopt(claim.found) };
}

/** Looks once more before it lets the movie be sent again, and adopts what turned up. */
async function resubmit(
  { render, settledAtMs, isOver }: Doubt,
  { force }: Decision,
): Promise<DecisionEffect> {
  if (isOver()) return refused('nothing is sent any more: the render was cancelled, or the movie rejected');
  if (Date.now() < settledAtMs && force !== true) {
    return refused(
      `a movie that was accepted may still turn up until ${isoOf(settledAtMs)}; wait for that, or pay twice at your own risk with --force`,
    );
  }
  const seen = await lookBriefly(render, 'before it is sent again');
  const settled = endOf(seen);
  if (settled?.end === 'accepted') {
    const { project } = settled;
    return { end: { project, message: `it turned up as project ${project}; nothing was sent` }, settled };
  }
  if (settled !== undefined) return { end: { refused: settledMessage(settled) }, settled };
  return {
    end: {
      message: `it is not among the ${seen.scanned} movies of the provider's list, and is sent again now`,
    },
    settled: { end: 'absent', lookedInRun: seen.runId, decided: true },
  };
}

function abandon(decision: Decision): DecisionEffect {
  const message = 'the key is given up; nothing is sent, and only a call with restart: true starts it again';
  return { end: { message }, settled: { end: 'abandoned', message: describeDecision(decision) } };
}

function refused(message: string): DecisionEffect {
  return { end: { refused: message } };
}

/** What is answered to a decision that came too late: the doubt was settled without it. */
export function endWithout(settled: Settled | undefined): DecisionEnd {
  return { refused: settled === undefined ? 'the render was cancelled meanwhile' : settledMessage(settled) };
}

function settledMessage(settled: Settled): string {
  if (settled.end === 'accepted') return `settled meanwhile: the movie is project ${settled.project}`;
  if (settled.end === 'absent') return 'settled meanwhile: the movie did not turn up, and is sent again';
  return `settled meanwhile: ${settled.message}`;
}
