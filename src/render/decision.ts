import { isJsonObject } from '../text/json.js';
import { PERSON_CHARACTERS, PROJECT_CHARACTERS } from './limits.js';
import { shorten } from '../text/text.js';

/** Actions that a person can decide on while a submission is in doubt. */
export const DECISION_ACTIONS = ['adopt', 'resubmit', 'abandon'] as const;

/** Decision as update `resolveSubmission` takes it. */
export interface DecisionRequest {
  /**
   * `adopt`: the movie is this project. `resubmit`: it was not accepted, so send it again. `abandon`: give the key up.
   */
  readonly action: (typeof DECISION_ACTIONS)[number];
  /** The project to adopt. */
  readonly project?: string;
  /** True to adopt a project without our mark, or to send again before the settle window is over. */
  readonly force?: boolean;
  /** Name of the person who decides. */
  readonly by: string;
  readonly why: string;
}

/** Decision that a person took, as histories and results keep it. */
export interface Decision extends DecisionRequest {
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** Effect of a decision. */
export interface DecisionAnswer {
  readonly key: string;
  readonly decision: Decision;
  /** The render's project, if the decision led to one. */
  readonly project?: string;
  /** The next step of the render, as one sentence. */
  readonly message: string;
}

/** Checks a decision's shape. Returns the fault, in words, if there is one. */
export function parseDecision(given: unknown): DecisionRequest | string {
  if (!isJsonObject(given)) return 'a decision is an object with action, by and why';
  const { action, project, force = false, by, why } = given;
  const known = DECISION_ACTIONS.find((name) => name === action);
  if (known === undefined) return `action must be one of ${DECISION_ACTIONS.join(', ')}`;
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

/** Parses a decision that was taken, from a result or a failure. */
export function parseTaken(given: unknown): Decision | undefined {
  const request = parseDecision(given);
  const at = isJsonObject(given) ? given['at'] : undefined;
  return typeof request === 'string' || typeof at !== 'string' ? undefined : { ...request, at };
}

/** True if two decisions ask for the same effect. They may be by different people. */
export function isSameDecision(one: DecisionRequest, other: DecisionRequest): boolean {
  return one.action === other.action && one.project === other.project;
}

/** Describes a decision to people in one line. */
export function describeDecision({ action, project, force, by, why, at }: Decision): string {
  const what = project === undefined ? action : `${action} project ${project}`;
  return shorten(`${what}${force ? ', by force' : ''}, decided by ${by} at ${at}: ${why}`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
