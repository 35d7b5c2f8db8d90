import type { Follow } from './follow.js';
import type { Reserved, Settlement } from './budget.js';
import type { Reading } from './reading.js';
import type { Submission } from './submission.js';

/** The worker's choice of what follows a render; absent if nothing does. */
interface WithFollow {
  readonly follow?: Follow;
}

/** Result of `submitMovie`: one attempt to send the movie. */
interface SubmitMovieResult extends WithFollow {
  readonly submission: Submission;
  /** Duration of the attempt on the worker's own clock; the settle window is counted with it. */
  readonly elapsedMs: number;
  /** True if the provider was asked to report the end; it chooses the cadence of the checks. */
  readonly webhook: boolean;
  /** The account of the worker's API key, `Json2Video.account`. */
  readonly account: string;
  /** Something about the movie as it was sent that people should know. */
  readonly remark?: string;
  /** The credits that a budget holds, or may hold, for this run. */
  readonly reserved?: Reserved;
  /** Set if nothing was sent because another submission, which this run does not know, may have sent the movie. */
  readonly lookFirst?: LookFirst;
}

/** Terms of the look that a run must make before it may send. */
export interface LookFirst {
  /** ISO time from which the list is read. */
  readonly since: string;
  /** The account that may hold the movie; `UNKNOWN_ACCOUNT` if nobody knows. */
  readonly account: string;
  /** True if only a person may have the movie sent, whatever the look finds: the run came from a reset. */
  readonly needsPerson?: boolean;
  /** True if any movie with a mark of this namespace is a witness: a restored engine has no records. */
  readonly marksSuffice?: boolean;
}

/** The look on whose word a movie may be sent. */
export interface LookStamp {
  /** The run that made it. A later run, made by a reset, must look for itself. */
  readonly runId: string;
  /** ISO time of the engine at which it was due. */
  readonly at: string;
  /** True if a witness made an absence in it count. */
  readonly isProven?: boolean;
  /** `RENDERONCE_LOOK_FROM` of the worker that made it: a look of before the restore has none, or an earlier restore's. */
  readonly restoredTo?: string;
  /** True if a person decided to send the movie after it. */
  readonly byPerson?: boolean;
}

/** Result of `findMovie`: one reading of the provider's whole list. */
export interface Look extends Pick<LookStamp, 'runId' | 'at' | 'isProven' | 'restoredTo'>, WithFollow {
  /** Number of movies read. */
  readonly scanned: number;
  readonly found?: FoundMovie;
  /** A movie with our key and another fingerprint; never adopted. */
  readonly otherProject?: string;
  /** The reason why an absence in it proves nothing, in words; absent if no proof was asked for. */
  readonly unproven?: string;
}

/** A movie at the provider that is this run's. */
interface FoundMovie {
  readonly project: string;
  readonly submittedAt: string;
  /** True if it reports to a receiver of ours. */
  readonly webhook: boolean;
  /** The account that holds it. */
  readonly account: string;
}

/** Result of `claimMovie`: the answer about a project that a webhook or a person names. */
export interface Claim extends WithFollow {
  readonly found?: FoundMovie;
  /** The reason why the project is not this run's, in words. */
  readonly notOurs?: string;
}

/** A run that has closed, with what its budget must know. */
type RunSettlement = Pick<Settlement, 'run' | 'runId' | 'post' | 'inDoubt'>;

/**
 * The results of all activities, by the names under which histories record them. `activities/` must return them and the
 * starter's story reads them, so a renamed member fails to compile in both.
 */
export interface ActivityResults {
  readonly submitMovie: SubmitMovieResult;
  readonly findMovie: Look;
  readonly claimMovie: Claim;
  readonly checkMovie: Reading;
  readonly confirmMovie: Reading;
  readonly awaitReady: { readonly message: string };
  readonly findFollowed: { readonly startAs?: string };
  readonly askRuns: readonly RunSettlement[];
}

/** Details of every heartbeat of `submitMovie`, recorded before the first byte of the POST leaves. */
export interface SubmitHeartbeat {
  readonly sending: true;
  readonly account: string;
  readonly reserved?: Reserved;
}
