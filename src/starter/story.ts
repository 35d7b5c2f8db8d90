import { isJsonObject } from '../text/json.js';
import { isoOf } from '../text/time.js';
import { shorten } from '../text/text.js';
import type { Recorded } from './recorded.js';

/** One line of a render's story. */
export interface StoryLine {
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly text: string;
}

/** What a run's history tells, in words. */
export interface Story {
  readonly lines: readonly StoryLine[];
  /** Submissions made so far. */
  readonly attempts: number;
  /** How long the newest submission may take. */
  readonly submitTimeoutMs: number;
  /** How the last submission that is over ended, in words. */
  readonly last?: string;
  /** Timers that run, with what they wait for. */
  readonly timers: ReadonlyMap<string, { readonly summary: string; readonly firesAtMs: number }>;
}

/** Tells a history as a story: what was asked, sent, seen, decided and reported. */
export function tell(recorded: readonly Recorded[]): Story {
  const teller = new Teller();
  for (const each of recorded) teller.take(each);
  return teller;
}

type Of<What extends Recorded['what']> = Extract<Recorded, { what: What }>;
type Ended = Of<'activity ended'> | Of<'activity failed'> | Of<'activity fell silent'>;

class Teller implements Story {
  readonly lines: StoryLine[] = [];
  readonly timers = new Map<string, { readonly summary: string; readonly firesAtMs: number }>();
  attempts = 0;
  submitTimeoutMs = 0;
  last?: string;
  readonly #activities = new Map<string, { readonly type: string; readonly number: number }>();
  #looks = 0;

  take(recorded: Recorded): void {
    switch (recorded.what) {
      case 'activity':
        return this.#begin(recorded);
      case 'activity ended':
      case 'activity failed':
      case 'activity fell silent':
        return this.#end(recorded);
      case 'timer':
        this.timers.set(recorded.id, recorded);
        return;
      case 'timer over':
        this.timers.delete(recorded.id);
        return;
      default:
        return this.#say(recorded.atMs, messageText(recorded));
    }
  }

  #begin({ id, type, timeoutMs }: Of<'activity'>): void {
    if (type === 'submitMovie') {
      this.attempts += 1;
      this.submitTimeoutMs = timeoutMs;
    }
    if (type === 'findMovie') this.#looks += 1;
    this.#activities.set(id, { type, number: type === 'submitMovie' ? this.attempts : this.#looks });
  }

  #end(ended: Ended): void {
    const activity = this.#activities.get(ended.id);
    if (activity?.type === 'submitMovie') {
      this.last = submissionText(ended);
      this.#say(ended.atMs, `submission ${activity.number}: ${this.last}`);
    } else if (activity?.type === 'findMovie') {
      this.#say(ended.atMs, `look ${activity.number} in the provider's list: ${lookText(ended)}`);
    } else if (activity?.type === 'claimMovie') {
      this.#say(ended.atMs, claimText(ended));
    } else if (activity !== undefined && ended.what === 'activity ended') {
      this.#say(ended.atMs, `status check: ${readingText(ended.result)}`);
    }
  }

  #say(atMs: number, text: string | undefined): void {
    if (text !== undefined) this.lines.push({ at: isoOf(atMs), text: shorten(text) });
  }
}

function messageText(recorded: Exclude<Recorded, Ended>): string | undefined {
  switch (recorded.what) {
    case 'started': {
      const { options } = objectOf(recorded.request);
      const isAgain = typeof objectOf(options)['lookFrom'] === 'string';
      return isAgain ? 'asked for again, after a run that left the key free' : 'asked for';
    }
    case 'hint': {
      const { project, status } = objectOf(recorded.hint);
      return `a webhook reports project ${textOf(project)}${status === undefined ? '' : `: ${textOf(status)}`}`;
    }
    case 'decision': {
      const { action, project, force, by, why } = objectOf(recorded.request);
      const what = `${textOf(action)}${project === undefined ? '' : ` project ${textOf(project)}`}`;
      return `${textOf(by)} decides: ${what}${force === true ? ', by force' : ''}, because: ${textOf(why)}`;
    }
    case 'decided':
      if (recorded.refused !== undefined) return `the decision is refused: ${recorded.refused}`;
      return decidedText(recorded.answer);
    case 'cancel requested':
      return 'a cancel is requested';
    case 'terminated':
      return `terminated from outside${recorded.reason === '' ? '' : `: ${recorded.reason}`}`;
    default:
      return undefined;
  }
}

/** Update `submit` completes too; only a decision's answer has a message. */
function decidedText(answer: unknown): string | undefined {
  const { message } = objectOf(answer);
  return typeof message === 'string' ? `the decision takes effect: ${message}` : undefined;
}

function submissionText(ended: Ended): string {
  if (ended.what === 'activity failed') return `unknown: ${ended.message}`;
  if (ended.what === 'activity fell silent') {
    return objectOf(ended.heartbeat)['sending'] === true
      ? 'unknown: the worker fell silent while the request may have been on its way'
      : 'refused: the worker fell silent before it sent anything';
  }
  const { submission } = objectOf(ended.result);
  const { end, project, waitingFor, message } = objectOf(submission);
  if (end === 'accepted') return `accepted as project ${textOf(project)}`;
  if (end === 'refused') return `not taken, waiting for ${textOf(waitingFor)}: ${textOf(message)}`;
  if (typeof end !== 'string') return 'ended in a way that this version does not know';
  return `${end}: ${textOf(message)}`;
}

function lookText(ended: Ended): string {
  if (ended.what !== 'activity ended') return 'it could not be read';
  const { scanned, found, otherProject } = objectOf(ended.result);
  if (found !== undefined) return `it is there, as project ${textOf(objectOf(found)['project'])}`;
  if (otherProject !== undefined) return `another movie has this key, project ${textOf(otherProject)}`;
  return `not among ${textOf(scanned)} movies`;
}

function claimText(ended: Ended): string {
  if (ended.what !== 'activity ended') return 'the project that somebody named could not be read';
  const { found, notOurs } = objectOf(ended.result);
  if (found === undefined) return textOf(notOurs);
  return `project ${textOf(objectOf(found)['project'])} was read and is taken for ours`;
}

function readingText(result: unknown): string {
  const { says, status, message } = objectOf(result);
  return [says === 'rendering' ? status : says, message]
    .filter((part) => part !== undefined)
    .map(textOf)
    .join(': ');
}

function objectOf(value: unknown): { readonly [name: string]: unknown } {
  return isJsonObject(value) ? value : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '?';
}
