import { isJsonObject, parseJson, type JsonObject } from '../text/json.js';
import { PROJECT_CHARACTERS } from './limits.js';
import { shorten } from '../text/text.js';

/** End of one attempt to POST the movie. */
export type Submission =
  | { readonly end: 'accepted'; readonly project: string; readonly submittedAt: string }
  | {
      readonly end: 'rejected';
      readonly message: string;
      readonly httpStatus?: number;
      /** The error that callers get in place of `MovieRejected`. */
      readonly code?: RejectionCode;
      /** The budget that did not grant the credits. */
      readonly budget?: string;
    }
  | {
      readonly end: 'refused';
      /** The condition that the next attempt waits for, in words for the UI. */
      readonly waitingFor: string;
      readonly message: string;
      readonly httpStatus?: number;
      /** From `Retry-After`: the next attempt is not earlier. */
      readonly retryAfterMs?: number;
      /** The budget that did not grant the credits. */
      readonly budget?: BudgetWait;
    }
  | { readonly end: 'unknown'; readonly message: string; readonly httpStatus?: number };

/** Rejections that are not the provider's. */
export type RejectionCode = 'BudgetExceeded' | 'OptionsInvalid';

/** A submission that waits for credits of a budget. */
export interface BudgetWait {
  readonly name: string;
  /** Credits that it needs; 0 if the budget gave no answer. */
  readonly needs: number;
  /** Time until the budget's next window; null if none will ever hold these credits. */
  readonly opensInMs: number | null;
}

/** Evidence of an attempt when it is over. */
export type SubmissionEvidence =
  | {
      readonly from: 'reply';
      readonly status: number;
      readonly body: string;
      /** True if the body arrived whole and within the limit. */
      readonly complete: boolean;
      readonly retryAfterMs?: number;
      readonly at: string;
    }
  | { readonly from: 'connection'; readonly bytesMayHaveLeft: boolean; readonly message: string }
  /** A step before the connection failed; nothing was sent. */
  | { readonly from: 'preparation'; readonly waitingFor: string; readonly message: string }
  /** The budget did not grant the credits; nothing was sent. */
  | { readonly from: 'budget'; readonly message: string; readonly budget: BudgetWait }
  /** An option cannot be carried out, e.g. there is no such budget; nothing was sent. */
  | { readonly from: 'options'; readonly message: string }
  | { readonly from: 'timeout'; readonly sending: boolean }
  | { readonly from: 'failure'; readonly message: string };

/** Causes of a refusal that a probe of the account can see. */
export const PROBED_CAUSES = {
  credits: 'credits',
  key: 'a valid API key',
  connection: 'a connection to JSON2Video',
  floor: 'credits above the floor',
} as const;

/** True if a refusal is about the account or its key: it then cannot be about the movie, and names no part of one. */
export function isAboutAccount(message: string, httpStatus?: number): boolean {
  if (ALLOWANCE.test(message) || MOVIE.test(message)) return false;
  const isAuthStatus = httpStatus === 401 || httpStatus === 403;
  return isAuthStatus || CREDITS.test(message) || KEY.test(message) || ROLE.test(message);
}

const CREDITS = /insufficient[ _]credits|\bquota\b|account[ _]suspended|out of credits/i;
const KEY = /api[ _-]?key/i;
const ROLE = /insufficient permissions|invalid token/i;
/** Speaks of the plan, yet it is the movie that must change: `Movie is larger (…) than your plan allowance (…)`. */
const ALLOWANCE = /plan allowance/i;
/** Names a part of the movie: `Variable 'quota' is not defined`, `Property 'api_key' is required in …/connection`. */
const MOVIE = /\b(scenes?|elements?|propert(?:y|ies)|variables?|connections?|templates?)\b/i;

/**
 * Returns the end of an attempt: the one table of the product's promise, a row per line. If the provider's documentation
 * and its live behaviour disagree, the row that cannot pay twice wins. The documentation says that a 5xx creates nothing;
 * it is still `unknown`.
 */
export function classifySubmission(evidence: SubmissionEvidence): Submission {
  switch (evidence.from) {
    case 'reply':
      return classifyReply(evidence);
    case 'connection':
      return evidence.bytesMayHaveLeft
        ? {
            end: 'unknown',
            message: `the connection broke after the request began: ${shorten(evidence.message)}`,
          }
        : { end: 'refused', waitingFor: PROBED_CAUSES.connection, message: shorten(evidence.message) };
    case 'preparation':
      return { end: 'refused', waitingFor: evidence.waitingFor, message: shorten(evidence.message) };
    case 'budget':
      return {
        end: 'refused',
        waitingFor: `budget ${evidence.budget.name}`,
        message: evidence.message,
        budget: evidence.budget,
      };
    case 'options':
      return { end: 'rejected', message: shorten(evidence.message), code: 'OptionsInvalid' };
    case 'timeout':
      return evidence.sending
        ? { end: 'unknown', message: 'the worker fell silent while the movie was being sent' }
        : {
            end: 'refused',
            waitingFor: 'a worker that stays up',
            message: 'the worker fell silent before sending',
          };
    case 'failure':
      return { end: 'unknown', message: shorten(evidence.message) };
  }
}

type Reply = Extract<SubmissionEvidence, { from: 'reply' }>;

function classifyReply(reply: Reply): Submission {
  const { status: httpStatus, retryAfterMs } = reply;
  const body = reply.complete ? apiBody(reply.body) : undefined;
  const project = httpStatus >= 200 && httpStatus < 300 ? projectIn(body) : undefined;
  if (project !== undefined) return { end: 'accepted', project, submittedAt: reply.at };

  const message = messageIn(body) ?? `HTTP ${httpStatus} without a readable message`;
  const refused = (waitingFor: string): Submission => ({
    end: 'refused',
    waitingFor,
    message,
    httpStatus,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
  const isRefusalOnly = body?.['success'] === false && httpStatus >= 200 && httpStatus < 300;
  if (isRefusalOnly || httpStatus === 400 || httpStatus === 401 || httpStatus === 403) {
    const waitingFor = accountReason(message, httpStatus, body !== undefined);
    if (waitingFor !== undefined) return refused(waitingFor);
  }
  if (httpStatus === 429) return refused('the rate limit to pass');
  if (httpStatus < 400 || httpStatus === 408 || httpStatus >= 500)
    return { end: 'unknown', message, httpStatus };
  if (httpStatus === 413 || body !== undefined) return { end: 'rejected', message, httpStatus };
  return refused('the gateway in front of JSON2Video');
}

/** Returns what the account lacks if the refusal is about it. The movie is then not at fault. */
function accountReason(message: string, httpStatus: number, isApi: boolean): string | undefined {
  if (!isApi || !isAboutAccount(message, httpStatus)) return undefined;
  return CREDITS.test(message) ? PROBED_CAUSES.credits : PROBED_CAUSES.key;
}

/** Parses the API's JSON: an object that has at least one of the known names of its replies. */
function apiBody(text: string): JsonObject | undefined {
  const body = parseJson(text);
  if (!isJsonObject(body)) return undefined;
  return ['success', 'message', 'error', 'project'].some((name) => name in body) ? body : undefined;
}

function projectIn(body: JsonObject | undefined): string | undefined {
  const project = body?.['project'];
  return typeof project === 'string' && project !== '' && project.length <= PROJECT_CHARACTERS
    ? project
    : undefined;
}

/** Returns `message`, else `error`, as the provider's own client does. Never relies on `success`. */
function messageIn(body: JsonObject | undefined): string | undefined {
  const texts = [body?.['message'], body?.['error']];
  const text = texts.find((value): value is string => typeof value === 'string' && value.trim() !== '');
  return text === undefined ? undefined : shorten(text);
}
