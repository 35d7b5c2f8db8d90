import { activityInfo, Context } from '@temporalio/activity';
import { withKey } from '../json2video/movie-reply.js';
import { UNKNOWN_ACCOUNT } from '../render/account.js';
import type { Look } from '../render/activity-results.js';
import { renderIndexOf } from '../temporal/render-index.js';
import { type ActivityDependencies, followedBy } from './dependencies.js';
import type { ListLag } from './list-lag.js';
import { SharedReading } from './shared-reading.js';
import { stillWaiting } from '../temporal/still-waiting.js';
import { Witnesses } from './witnesses.js';

/** Pause between two looks at the list while a key is held: short enough for a person who waits for it. */
const HELD_LOOK_MS = 300_000;

/** After the settle window, time in which a worker with the right key may still take a look. */
const OTHER_ACCOUNT_MS = 60_000;
const OTHER_ACCOUNT_PAUSE_MS = 5_000;

/** The heartbeat timeout of a look is three times as long. */
const HEARTBEAT_MS = 10_000;

interface FindMovieRequest {
  /** ISO time from which the provider's list is read. */
  readonly since: string;
  readonly fingerprint: string;
  /** The account that may hold the movie; absent if surely nothing was sent, and any account may look. */
  readonly account?: string | undefined;
  /** ISO time after which nothing of the submission can turn up. */
  readonly settledAt: string;
  /** True if an absence must be proven by a witness. */
  readonly prove?: boolean | undefined;
  readonly marksSuffice?: boolean | undefined;
  /** Repeats by failing retryably: until the movie is there, or until its absence is proven. By default one look is the result. */
  readonly until?: 'found' | 'proven' | undefined;
}

/**
 * Creates the activity that looks for the run's movie in the provider's list. It fails retryably unless it can read the
 * whole list.
 */
export function createFindMovie(dependencies: ActivityDependencies, lag: Pick<ListLag, 'watch'>) {
  const { json2video, indexOf = renderIndexOf } = dependencies;
  const reading = new SharedReading(json2video, lag);
  return async function findMovie(request: FindMovieRequest): Promise<Look> {
    const { attempt, currentAttemptScheduledTimestampMs: atMs } = activityInfo();
    const own = json2video.account;
    const { lookFrom: restoredTo } = dependencies;
    const { until, account = own, settledAt } = request;
    if (until !== undefined && attempt === 1)
      throw stillWaiting('not found yet; the next look follows', HELD_LOOK_MS);
    const isOther = account !== own && account !== UNKNOWN_ACCOUNT;
    const isAsked = request.account !== undefined && (request.prove === true || isOther);
    const witnesses = isAsked
      ? await witnessesOf(account, request.marksSuffice === true && account === own)
      : undefined;
    const list = await readList(reading, request, { witnesses, own, restoredTo });
    const look = { ...list, ...followedBy(dependencies) };
    const { found, otherProject, unproven } = look;
    const isFound = found !== undefined || otherProject !== undefined;
    // A worker with the key of the right account may take the next attempt.
    const mayRepeat = isOther && atMs < Date.parse(settledAt) + OTHER_ACCOUNT_MS;
    if (until === undefined && mayRepeat && unproven !== undefined && found === undefined)
      throw stillWaiting(unproven, OTHER_ACCOUNT_PAUSE_MS);
    if (until === undefined || isFound || (until === 'proven' && unproven === undefined)) return look;
    throw stillWaiting(unproven ?? `not among ${look.scanned} movies`, HELD_LOOK_MS);

    function witnessesOf(of: string, marksSuffice: boolean): Promise<Witnesses> {
      const index = indexOf(Context.current().client);
      return Witnesses.of(of, lookerOf(), index, { nowMs: atMs, marksSuffice });
    }
  };
}

/** Returns the key and the namespace of the run that looks. */
function lookerOf(): { readonly key: string; readonly namespace: string } {
  const { namespace } = Context.current().client.options;
  return { key: activityInfo().workflowExecution?.workflowId ?? '', namespace };
}

interface LookerTerms {
  readonly witnesses: Witnesses | undefined;
  /** The account of the worker. */
  readonly own: string;
  /** `RENDERONCE_LOOK_FROM` of the worker. */
  readonly restoredTo: string | undefined;
}

/** Reads the list once, for the run's movie and for witnesses. */
async function readList(
  reading: SharedReading,
  request: FindMovieRequest,
  { witnesses, own, restoredTo }: LookerTerms,
): Promise<Look> {
  const context = Context.current();
  const { key, namespace } = lookerOf();
  const marked: ReturnType<typeof withKey> = [];
  let scanned = 0;
  // The reading may first wait for another one, and a page may take a minute.
  const beats = setInterval(() => context.heartbeat({ scanned }), HEARTBEAT_MS);
  const read = reading.read({
    since: new Date(Math.min(Date.parse(request.since), witnesses?.newestAtMs ?? Infinity)),
    onPage: (movies) => {
      scanned += movies.length;
      marked.push(...withKey(movies, key, namespace));
      witnesses?.lookAt(movies);
    },
  });
  await read.finally(() => clearInterval(beats));
  const { workflowExecution, currentAttemptScheduledTimestampMs } = activityInfo();
  return {
    runId: workflowExecution?.runId ?? '',
    at: new Date(currentAttemptScheduledTimestampMs).toISOString(),
    scanned,
    ...(restoredTo === undefined ? {} : { restoredTo }),
    ...foundIn(marked, request, own),
    ...(witnesses?.isSeen === true ? { isProven: true } : {}),
    ...(witnesses?.isSeen === false ? { unproven: whyUnproven(request.account ?? own, own) } : {}),
  };
}

function foundIn(
  marked: ReturnType<typeof withKey>,
  request: FindMovieRequest,
  account: string,
): Pick<Look, 'found' | 'otherProject'> | undefined {
  const ours = marked.filter((movie) => movie.fingerprint === request.fingerprint);
  // If there are two, callers may know the older one already.
  const [first] = ours.toSorted((a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? ''));
  if (first !== undefined) {
    const { project, webhook, createdAt } = first;
    const submittedAt = createdAt ?? request.since;
    return { found: { project, submittedAt, webhook, account } };
  }
  const [other] = marked;
  return other === undefined ? undefined : { otherProject: other.project };
}

function whyUnproven(account: string, own: string): string {
  if (account === UNKNOWN_ACCOUNT) {
    return 'nobody knows with which API key the movie may have been sent, so the list proves nothing';
  }
  if (account !== own) {
    return `the movie may have been sent with a key of account ${account}, and this worker's key is of account ${own}, so its list proves nothing`;
  }
  return 'the list shows none of the renders that this account is known to have, so it proves nothing';
}
