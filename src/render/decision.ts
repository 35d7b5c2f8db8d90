import { isJsonObject } from '../text/json.js';
import { PERSON_CHARACTERS, PROJECT_CHARACTERS } from './limits.js';
import { MESSAGE_CHARACTERS, shorten } from '../text/text.js';

/** What a person can decide about a submission of which it is not known whether it was accepted. */
export const ACTIONS = ['adopt', 'resubmit', 'abandon'] as const;

/** A decision as update `resolveSubmission` takes it. */
export interface DecisionRequest {
  /**
   * `adopt`: the movie is this project. `resubmit`: it was not accepted, send it again. `abandon`: give the key up.
   */
  readonly action: (typeof ACTIONS)[number];
  /** The project to adopt. */
  readonly project?: string;
  /** Adopt a project without our mark; send again before the settle window is over. */
  readonly force?: boolean;
  /** Who decides. */
  readonly by: string;
  readonly why: string;
}

/** A decision that was taken, as histories and results keep it. */
export interface Decision extends DecisionRequest {
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** What a decision did. */
export interface DecisionAnswer {
  readonly key: string;
  readonly decision: Decision;
  /** The render's project, where the decision led to one. */
  readonly project?: string;
  /** What happens now, as one sentence. */
  readonly message: string;
}

/** Checks a decision's shape; an answer in words is what is wrong with it. */
export function parseDecision(given: unknown): DecisionRequest | string {
  if (!isJsonObject(given)) return 'a decision is an object with action, by and why';
  const { action, project, force = false, by, why } = given;
  const known = ACTIONS.find((name) => name === action);
  if (known === undefined) return `action must be one of ${ACTIONS.join(', ')}`;
  if (!isText(by)) return 'by must name who decides';
  if (!isText(why)) return 'why must give the reason';
  if (typeof force !== 'boolean') return 'force must be true or false';
  if (force && known === 'abandon') return 'force belongs to adopt and resubmit';
  const signed = { by: shorten(by, PERSON_CHARACTERS), why: shorten(why), ...(force ? { force } : {}) };
  if (known !== 'adopt') {
    return project === undefined ? { action: known, ...signed } : 'project belongs to adopt';
  }
  if (!isText(project) || project.length > PROJECT_CHARACTERS || /\s/.test(project)) {
    return 'project must name the project to adopt';
  }
  return { action: known, project, ...signed };
}

/** A decision as a result or a failure carries it. */
export function parseTaken(given: unknown): Decision | undefined {
  const request = parseDecision(given);
  const at = isJsonObject(given) ? given['at'] : undefined;
  return typeof request === 'string' || typeof at !== 'string' ? undefined : { ...request, at };
}

/** Whether two decisions ask for the same thing, whoever took them. */
export function isSameDecision(one: DecisionRequest, other: DecisionRequest): boolean {
  return one.action === other.action && one.project === other.project;
}

/** A decision as one line for people. */
export function describeDecision({ action, project, force, by, why, at }: Decision): string {
  const what = project === undefined ? action : `${action} project ${project}`;
  return shorten(
    `${what}${force ? ', by force' : ''}, decided by ${by} at ${at}: ${why}`,
    MESSAGE_CHARACTERS,
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
