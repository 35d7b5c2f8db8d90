import { ActivityFailure, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { type Decision, describeDecision } from '../render/decision.js';
import { messageOf } from '../text/text.js';
import { isoOf } from '../text/time.js';
import type { DecisionQueue } from './decision-queue.js';
import type { Doubt, DoubtEnd } from './ends.js';
import { adopt, endOf, look } from './look.js';
import type { Render } from './render.js';

const NOTHING_SENT = 'nothing is sent any more: the render was cancelled, or the movie rejected';

/** A decision that was carried out: the reply to the person, and the end of the doubt if it has one. */
interface CarriedOut {
  readonly answer: Parameters<DecisionQueue['answer']>[0];
  readonly end?: DoubtEnd;
}

/** The state of an open doubt while a decision is carried out. */
interface OpenState {
  /** True if nothing may be sent any more. A cancel may come at any time, so ask again after every wait. */
  readonly isOver: () => boolean;
  /** Resolves when no hint is being checked: it may find the movie. */
  readonly claimsEnded: () => Promise<void>;
}

/** Carries out the next decision about a doubt. */
export async function carryOutDecision(render: Render, doubt: Doubt, state: OpenState): Promise<CarriedOut> {
  const decision = render.decisions.next;
  if (decision === undefined) return refused('there is no decision');
  return carryOut(render, doubt, decision, state).catch((error: unknown) => {
    if (isCancellation(error)) throw error;
    const cause = error instanceof ActivityFailure ? error.cause : error;
    return refused(`the provider does not answer now, so nothing was done: ${messageOf(cause)}`);
  });
}

function carryOut(render: Render, doubt: Doubt, decision: Decision, state: OpenState): Promise<CarriedOut> {
  switch (decision.action) {
    case 'adopt':
      return adoptProject(render, decision);
    case 'resubmit':
      return state.isOver()
        ? Promise.resolve(refused(NOTHING_SENT))
        : resubmit(render, doubt, decision, state);
    case 'abandon':
      return Promise.resolve(abandon(decision));
  }
}

/** Adopts a project if a GET finds our mark in it; by force any project, also one that cannot be read. */
async function adoptProject(
  { identity, checksQueue, following }: Render,
  decision: Decision,
): Promise<CarriedOut> {
  const { project = '', force = false } = decision;
  const { claimMovie } = proxyActivities<Activities>({
    taskQueue: checksQueue,
    startToCloseTimeout: '40s',
    retry: { initialInterval: '2s', maximumAttempts: 3 },
    summary: `Read project ${project}, which ${decision.by} wants to adopt`,
  });
  const claim = await claimMovie({ project, fingerprint: identity.fingerprint, force });
  following.seen(claim);
  if (claim.found === undefined)
    return refused(`${claim.notOurs ?? 'it is not ours'}; by force it is adopted all the same`);
  const message = `project ${project} counts as the accepted movie; its render is awaited`;
  return { answer: { project, message }, end: adopt(claim.found) };
}

/**
 * Looks once more before it lets the movie be sent again, and adopts the movie if it has turned up. Without force it sends
 * only after the settle window, and only if the look proves that the movie is absent.
 */
async function resubmit(
  render: Render,
  doubt: Doubt,
  { force = false }: Decision,
  { isOver, claimsEnded }: OpenState,
): Promise<CarriedOut> {
  const { settledAtMs } = doubt;
  const isSettled = Date.now() >= settledAtMs;
  const atYourRisk = 'or pay twice at your own risk, by force';
  if (!isSettled && !force) {
    return refused(
      `an accepted movie may still turn up until ${isoOf(settledAtMs)}; wait for that, ${atYourRisk}`,
    );
  }
  const terms = { why: 'before it is sent again', prove: true, maximumAttempts: 3 };
  const seen = await look(render, doubt, terms);
  const end = endOf(seen, isSettled);
  if (end.end === 'accepted') {
    const { project } = end;
    return { answer: { project, message: `it turned up as project ${project}; nothing was sent` }, end };
  }
  if (end.end !== 'absent') return { answer: { refused: describeEnd(end) }, end };
  if (end.unproven !== undefined && !force) {
    return refused(`${end.unproven}; adopt the movie if it is in the provider's dashboard, ${atYourRisk}`);
  }
  await claimsEnded();
  if (isOver()) return refused(NOTHING_SENT);
  const message = `it is not among the ${seen.scanned} movies of the provider's list, and is sent again now`;
  return { answer: { message }, end: { ...end, looked: { ...end.looked, byPerson: true } } };
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
  if (end.end === 'absent') return 'settled meanwhile: the movie did not turn up';
  return `settled meanwhile: ${end.message}`;
}
