import { activityInfo, Context } from '@temporalio/activity';
import { withMark } from '../render/movie.js';
import { classifySubmission, type Submission, type SubmissionEvidence } from '../render/submission.js';
import { submitBudget, type SubmitBudget } from '../render/submit-budget.js';
import { messageOf } from '../render/text.js';
import { readStartedRun } from '../temporal/started-run.js';
import type { ActivityDependencies } from './dependencies.js';

export interface SubmitMovieResult {
  readonly submission: Submission;
  /** How long the attempt took on the worker's own clock; the settle window is counted with it. */
  readonly elapsedMs: number;
}

/**
 * One attempt to submit the movie of the run that it belongs to.
 *
 * Before the first byte the engine is asked for its go-ahead by a heartbeat that it records: once the attempt has
 * timed out, or was cancelled, the engine says no and nothing is sent. After it every heartbeat repeats `sending`,
 * so that the engine's record of an attempt that fell silent tells whether bytes may have left. There is no
 * heartbeat before the fence: a throttled one could be delivered late and erase the record.
 */
export function createSubmitMovie({ json2video, monotonicNow }: ActivityDependencies) {
  return async function submitMovie(): Promise<SubmitMovieResult> {
    const startedMs = monotonicNow();
    const elapsedMs = (): number => monotonicNow() - startedMs;
    const budget = submitBudget(activityInfo().startToCloseTimeoutMs);
    const evidence = await attempt(budget, elapsedMs);
    return { submission: classifySubmission(evidence), elapsedMs: Math.round(elapsedMs()) };
  };

  async function attempt(budget: SubmitBudget, elapsedMs: () => number): Promise<SubmissionEvidence> {
    const { workflowExecution, attempt: count } = activityInfo();
    // The engine is told to try once; a second attempt means that somebody changed that, and the first may have sent.
    if (count > 1 || !workflowExecution) return { from: 'failure', message: 'an attempt is never repeated' };
    const { client } = Context.current();
    const run = await readStartedRun(client, workflowExecution, budget.engineCallMs).catch(messageOf);
    if (typeof run === 'string') {
      return {
        from: 'connection',
        bytesMayHaveLeft: false,
        message: `the movie could not be read from the engine: ${run}`,
      };
    }
    const mark = {
      key: workflowExecution.workflowId,
      fingerprint: run.fingerprint,
      namespace: client.options.namespace,
    };
    const heartbeats = new SendingHeartbeats(Context.current(), budget);
    try {
      return await json2video.submit(withMark(run.movie, mark), {
        connectTimeoutMs: budget.connectMs,
        replyTimeoutMs: budget.replyMs,
        fence: () => heartbeats.fence(),
        mayBegin: () => elapsedMs() < budget.latestBeginMs,
      });
    } finally {
      heartbeats.stop();
    }
  }
}

const SENDING = { sending: true } as const;

/** The fence, and the heartbeats that follow it. */
class SendingHeartbeats {
  readonly #context: Context;
  readonly #budget: SubmitBudget;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: Context, budget: SubmitBudget) {
    this.#context = context;
    this.#budget = budget;
  }

  /** Resolves once the engine has recorded `sending` for a live, uncancelled attempt; rejects in every other case. */
  async fence(): Promise<void> {
    const context = this.#context;
    const { taskToken } = context.info;
    await context.client.withDeadline(Date.now() + this.#budget.engineCallMs, () =>
      context.client.activity.heartbeat(taskToken, SENDING),
    );
    this.#timer = setInterval(() => context.heartbeat(SENDING), this.#budget.heartbeatMs / 4);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
