import { activityInfo, Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { CreditFloor } from './credit-floor.js';
import { type ActivityDependencies, followedBy } from './dependencies.js';
import type { ListLag } from './list-lag.js';
import { IndexLags } from './look-before-sending.js';
import { outgoingMovie, type SpendingLimits, type SubmitMovieRequest } from './outgoing-movie.js';
import { CreditReservations } from './reserve-credits.js';
import type { ActivityResults, SubmitHeartbeat } from '../render/activity-results.js';
import type { Reserved } from '../render/budget.js';
import { classifySubmission, type SubmissionEvidence } from '../render/submission.js';
import { submitBudget } from '../render/submit-budget.js';
import type { JsonObject } from '../text/json.js';
import { messageOf } from '../text/text.js';

/** Creates the activity that makes one attempt to submit the movie of its own run. `SendingHeartbeats` guards it. */
export function createSubmitMovie(dependencies: ActivityDependencies, lag: Pick<ListLag, 'accepted'>) {
  const { json2video, monotonicNow, creditsFloor } = dependencies;
  const { account } = json2video;
  const limits: SpendingLimits = {
    reservations: new CreditReservations(),
    floor: new CreditFloor(json2video, creditsFloor, monotonicNow),
  };

  return async function submitMovie(request: SubmitMovieRequest): Promise<ActivityResults['submitMovie']> {
    const clock = new AttemptClock(dependencies);
    const budget = submitBudget(activityInfo().startToCloseTimeoutMs);
    let held: { readonly reserved?: Reserved } = {};
    try {
      const outgoing = await prepare(dependencies, limits, request, budget.preparationMs);
      const reserved = 'movie' in outgoing ? outgoing.spending?.reserved : outgoing.reserved;
      if (reserved !== undefined) held = { reserved };
      const heartbeats = new SendingHeartbeats(Context.current(), budget, { account, ...held });
      const evidence =
        'movie' in outgoing
          ? await send(json2video, outgoing.movie, { clock, budget, heartbeats })
          : outgoing.evidence;
      const submission = classifySubmission(evidence);
      if (submission.end === 'accepted') lag.accepted(submission.project);
      const spending = 'spending' in outgoing ? outgoing.spending : undefined;
      if (submission.end === 'refused' && spending !== undefined)
        await limits.reservations.release(spending.of);
      const elapsedMs = Math.round(clock.elapsedMs());
      return { submission, elapsedMs, account, ...held, ...followedBy(dependencies), ...factsOf(outgoing) };
    } catch (error) {
      // A doubt needs the account, and the credits that stay booked for it.
      throw ApplicationFailure.create({ message: messageOf(error), details: [{ account, ...held }] });
    }
  };
}

/** The time of one attempt. */
class AttemptClock {
  readonly #clocks: Pick<ActivityDependencies, 'now' | 'monotonicNow'>;
  readonly #startedMs: number;
  readonly #startedAtMs: number;

  constructor(clocks: Pick<ActivityDependencies, 'now' | 'monotonicNow'>) {
    this.#clocks = clocks;
    this.#startedMs = clocks.monotonicNow();
    this.#startedAtMs = clocks.now();
  }

  elapsedMs(): number {
    return this.#clocks.monotonicNow() - this.#startedMs;
  }

  /** The monotonic clock stands still while a machine is suspended; the wall clock may be set. Each can forbid the POST. */
  isBefore(ms: number): boolean {
    return this.elapsedMs() < ms && this.#clocks.now() - this.#startedAtMs < ms;
  }
}

interface Sending {
  readonly clock: AttemptClock;
  readonly budget: ReturnType<typeof submitBudget>;
  readonly heartbeats: SendingHeartbeats;
}

async function send(
  json2video: ActivityDependencies['json2video'],
  marked: JsonObject,
  { clock, budget, heartbeats }: Sending,
): Promise<SubmissionEvidence> {
  try {
    return await json2video.submit(marked, {
      connectTimeoutMs: budget.connectMs,
      replyTimeoutMs: () => budget.latestReplyMs - clock.elapsedMs(),
      fence: () => heartbeats.fence(),
      mayBegin: () => clock.isBefore(budget.latestBeginMs),
    });
  } finally {
    heartbeats.stop();
  }
}

type Prepared = Awaited<ReturnType<typeof outgoingMovie>>;

/** Returns the members of an attempt's result that its preparation decided. */
function factsOf(prepared: Prepared) {
  const { webhook, remark } = 'movie' in prepared ? prepared : { webhook: false, remark: undefined };
  const lookFirst = 'lookFirst' in prepared ? prepared.lookFirst : undefined;
  return {
    webhook,
    ...(lookFirst === undefined ? {} : { lookFirst }),
    ...(remark === undefined ? {} : { remark }),
  };
}

/** Does all that an attempt needs before it connects, within a time. Nothing is sent if a step fails or takes longer. */
async function prepare(
  dependencies: ActivityDependencies,
  limits: SpendingLimits,
  request: SubmitMovieRequest,
  timeoutMs: number,
): Promise<Prepared> {
  // The retry policy allows one attempt. If there is a second one, the policy was changed, and the first may have sent.
  if (activityInfo().attempt > 1) {
    return { evidence: { from: 'failure', message: 'an attempt is never repeated' } };
  }
  try {
    const deadline = Date.now() + timeoutMs;
    return await Context.current().client.withDeadline(deadline, () =>
      outgoingMovie(dependencies, limits, request, deadline),
    );
  } catch (error) {
    const awaited = error instanceof IndexLags ? "the engine's index" : 'the engine';
    return { evidence: { from: 'preparation', waitingFor: awaited, message: messageOf(error) } };
  }
}

/**
 * Heartbeats that make the engine a fence. The first one asks for the engine's go-ahead before the first byte: if the
 * attempt has timed out or was cancelled, the engine refuses it and nothing is sent. Every later heartbeat repeats
 * `sending`, so that the record of a silent attempt shows if bytes may have left. No heartbeat comes before the fence:
 * the SDK could deliver a throttled one late, and so erase the record.
 */
class SendingHeartbeats {
  readonly #context: Context;
  readonly #budget: ReturnType<typeof submitBudget>;
  readonly #details: SubmitHeartbeat;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    context: Context,
    budget: ReturnType<typeof submitBudget>,
    attempt: Omit<SubmitHeartbeat, 'sending'>,
  ) {
    this.#context = context;
    this.#budget = budget;
    this.#details = { sending: true, ...attempt };
  }

  /** Resolves once the engine has recorded `sending` for a live, uncancelled attempt; rejects in every other case. */
  async fence(): Promise<void> {
    const context = this.#context;
    const { taskToken } = context.info;
    await context.client.withDeadline(Date.now() + this.#budget.engineCallMs, () =>
      context.client.activity.heartbeat(taskToken, this.#details),
    );
    this.#timer = setInterval(() => context.heartbeat(this.#details), this.#budget.heartbeatMs / 4);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
