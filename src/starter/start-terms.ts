import type { Client, WorkflowStartOptions } from '@temporalio/client';
import { fingerprintOf } from '../movie/fingerprint.js';
import { labelOf } from '../movie/movie.js';
import {
  parseOptions,
  type RenderOptions,
  type RenderOptionsInput,
  type RestartOption,
} from '../render/options.js';
import { accountOfBoth, UNKNOWN_ACCOUNT } from '../render/account.js';
import { earliestOf } from '../render/look-times.js';
import type { RenderRequest } from '../render/request.js';
import { shorten, utf8Bytes } from '../text/text.js';
import { readStartedRun } from '../temporal/started-run.js';
import { ATTRIBUTES } from '../workflows/messages.js';
import type { CurrentRun } from '../temporal/current-run.js';
import type { PreparedCall } from './prepare.js';

/** Terms of a start: as the key's first run, or after a run that left the key free. */
export interface StartTerms {
  readonly workflowIdReusePolicy: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY';
  /** The options by which the run looks before it sends. */
  readonly look: Pick<RenderOptionsInput, RestartOption>;
  /** Places that do not count, taken over from the run before; undefined: the call's own list holds. */
  readonly ignore?: readonly string[];
}

/** Terms of the key's first run. */
export const FIRST_START: StartTerms = {
  workflowIdReusePolicy: 'REJECT_DUPLICATE',
  look: {},
};

/** Start, task scheduled, task started, end: a run with no more events completed no workflow task, and sent nothing. */
const EVENTS_BEFORE_RUN = 4;

/**
 * Returns the terms of a start after a closed run that left the key free. The new run looks for the movies that the old one
 * may have sent, and for those that the old one had to look for.
 */
export async function startAfter(
  client: Client,
  key: string,
  run: CurrentRun,
  inDoubt: boolean,
  call?: PreparedCall,
): Promise<StartTerms> {
  const before = await readStartedRun(client, { workflowId: key, runId: run.runId });
  const given = optionsOf(before.options);
  // A reset run begins late; the first run of its chain may have sent.
  const lookFrom = earliestOf(new Date(before.startedAtMs).toISOString(), given.lookFrom);
  const settledAt = new Date(
    (run.closedAt ?? new Date()).getTime() + (given.submitTimeoutSeconds + given.settleSeconds) * 1_000,
  ).toISOString();
  // A run that ended by itself names the account of its doubt; one that was ended from outside may have been sending.
  const wasReset = before.firstRunId !== run.runId;
  const neverRan = run.historyLength <= EVENTS_BEFORE_RUN && !wasReset;
  const isInDoubt = (inDoubt && !neverRan) || run.account !== undefined;
  // A reset of an older run terminates the newer one, which may hold a movie of another account.
  const inDoubtAt = wasReset ? UNKNOWN_ACCOUNT : (run.account ?? UNKNOWN_ACCOUNT);
  const own = isInDoubt ? accountOfBoth(given.lookAccount, inDoubtAt) : given.lookAccount;
  const lookUntil = isInDoubt ? latest(settledAt, given.lookUntil) : given.lookUntil;
  return {
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    look: {
      // A run that came from a reset knows nothing of the runs that began between the first of its chain and itself.
      after: before.firstRunId,
      lookFrom,
      ...(lookUntil === undefined ? {} : { lookUntil }),
      ...(own === undefined ? {} : { lookAccount: own }),
    },
    // A look finds the movie of the run before only under that run's fingerprint.
    ...(isInDoubt || given.lookFrom !== undefined || call?.ignore === undefined
      ? { ignore: run.ignore ?? [] }
      : {}),
  };
}

/** Returns the defaults for a run that another client started with unfit options; it sent nothing. */
function optionsOf(given: unknown): RenderOptions {
  try {
    return parseOptions(given);
  } catch {
    return parseOptions({});
  }
}

function latest(time: string, other: string | undefined): string {
  return other !== undefined && Date.parse(other) > Date.parse(time) ? other : time;
}

/** Returns the start options of a call on these terms. */
export function startOptions(call: PreparedCall, terms: StartTerms, taskQueue: string) {
  const ignore = terms.ignore ?? call.ignore ?? [];
  const fingerprint = terms.ignore === undefined ? call.fingerprint : fingerprintOf(call.movie, ignore);
  const request: RenderRequest = {
    movie: call.movie,
    fingerprint,
    caller: call.caller,
    options: {
      ...call.options,
      ...terms.look,
    },
  };
  return {
    workflowId: call.key,
    taskQueue,
    args: [request],
    workflowIdReusePolicy: terms.workflowIdReusePolicy,
    memo: { fingerprint, ignore, ...templateOf(call) },
    typedSearchAttributes: [{ key: ATTRIBUTES.state, value: 'submitting' }],
    staticSummary: summaryOf(call),
  } satisfies WorkflowStartOptions;
}

/** Statements group renders by their template. The memo of others has no such member. */
function templateOf({ movie }: PreparedCall): { readonly template?: string } {
  const { template } = movie;
  return typeof template === 'string' ? { template: shorten(template, 100) } : {};
}

/** A static summary may have 200 bytes in the engine; the label gets what the key leaves. */
const SUMMARY_BYTES = 200;

function summaryOf(call: PreparedCall): string {
  const label = labelOf(call.movie);
  const full = `${call.key} · ${label}`;
  return utf8Bytes(full) <= SUMMARY_BYTES ? full : shorten(label, 40);
}
