import { parseDecision, type DecisionAnswer } from '../render/decision.js';
import type { RenderOptionsInput } from '../render/options.js';
import type { RenderRequest } from '../render/request.js';
import { membersOf } from '../text/json.js';
import { shorten } from '../text/text.js';
import { isoOf } from '../text/time.js';
import type { Hint } from '../workflows/messages.js';
import { describeEnd } from './activity-words.js';
import type { Recorded } from './history.js';

/** One line of a render's story. */
export interface StoryLine {
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly text: string;
}

/** A run's history in words. */
interface Story {
  readonly lines: readonly StoryLine[];
  /** Number of submissions made so far. */
  readonly attempts: number;
  /** Longest duration of the newest submission. */
  readonly submitTimeoutMs: number;
  /** The end of the last submission that is over, in words. */
  readonly last?: string;
  /** Timers that run, with what they wait for. */
  readonly timers: ReadonlyMap<string, { readonly summary: string; readonly firesAtMs: number }>;
}

/** Tells a history as a story: requests, submissions, looks, decisions and reports. */
export function tell(recorded: readonly Recorded[]): Story {
  const teller = new Teller();
  for (const each of recorded) teller.take(each);
  return teller;
}

type Of<What extends Recorded['what']> = Extract<Recorded, { what: What }>;
type OfActivity = Of<'activity' | 'activity ended' | 'activity failed' | 'activity fell silent'>;

class Teller implements Story {
  readonly lines: StoryLine[] = [];
  readonly timers = new Map<string, { readonly summary: string; readonly firesAtMs: number }>();
  submitTimeoutMs = 0;
  last?: string;
  readonly #activities = new Map<string, { readonly type: string; readonly number: number }>();

  get attempts(): number {
    return this.#numberOf('submitMovie');
  }

  take(recorded: Recorded): void {
    switch (recorded.what) {
      case 'activity':
        this.#activities.set(recorded.id, {
          type: recorded.type,
          number: this.#numberOf(recorded.type) + 1,
        });
        if (recorded.type === 'submitMovie') this.submitTimeoutMs = recorded.timeoutMs;
        return;
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

  #end(ended: Exclude<OfActivity, { what: 'activity' }>): void {
    const activity = this.#activities.get(ended.id);
    const described = activity && describeEnd(activity.type, activity.number, ended);
    if (described === undefined) return;
    this.#say(ended.atMs, `${described.title}: ${described.text}`);
    if (activity?.type === 'submitMovie') this.last = described.text;
  }

  /** Counts the activities of one type so far. */
  #numberOf(type: string): number {
    return [...this.#activities.values()].filter((activity) => activity.type === type).length;
  }

  #say(atMs: number, text: string): void {
    this.lines.push({ at: isoOf(atMs), text: shorten(text) });
  }
}

function messageText(recorded: Exclude<Recorded, OfActivity | Of<'timer' | 'timer over'>>): string {
  switch (recorded.what) {
    case 'started': {
      const { options } = membersOf<RenderRequest>(recorded.request);
      const isAgain = typeof membersOf<RenderOptionsInput>(options).lookFrom === 'string';
      return isAgain ? 'asked for again, after a run that left the key free' : 'asked for';
    }
    case 'hint':
      return hintText(recorded.hint);
    case 'unknown signal':
      return `signal ${recorded.name}, which renders ignore`;
    case 'decision':
      return decisionText(recorded.request);
    case 'decided': {
      if (recorded.refused !== undefined) return `the decision is refused: ${recorded.refused}`;
      const { message } = membersOf<DecisionAnswer>(recorded.answer);
      return `the decision takes effect${typeof message === 'string' ? `: ${message}` : ''}`;
    }
    case 'cancel requested':
      return 'a cancel is requested';
    case 'terminated':
      return `terminated from outside${recorded.reason === '' ? '' : `: ${recorded.reason}`}`;
  }
}

function hintText(hint: unknown): string {
  const { project, status } = membersOf<Hint>(hint);
  if (typeof project !== 'string') return 'a webhook reports something that this version does not know';
  return `a webhook reports project ${project}${typeof status === 'string' ? `: ${status}` : ''}`;
}

function decisionText(request: unknown): string {
  const decision = parseDecision(request);
  if (typeof decision === 'string') return `a decision that cannot be carried out: ${decision}`;
  const { action, project, force = false, by, why } = decision;
  const what = project === undefined ? action : `${action} project ${project}`;
  return `${by} decides: ${what}${force ? ', by force' : ''}, because: ${why}`;
}
