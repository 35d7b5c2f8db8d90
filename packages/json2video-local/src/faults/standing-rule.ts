import type { FaultRule } from './fault-rule.js';
import { Gate } from './gate.js';
import type { Call } from '../records/journal.js';
import type { Random } from '../random.js';

/** What a rule is matched against. */
export interface Subject {
  readonly call?: Call;
  readonly key?: string | undefined;
  readonly project?: string | undefined;
}

/** A rule as `GET /_fake/faults` shows it. */
export interface FaultView extends FaultRule {
  readonly id: string;
  /** How many requests (or movies) matched. */
  readonly matched: number;
  /** How often it took effect. */
  readonly applied: number;
}

/** A rule in force, with what it has counted. */
export class StandingRule {
  readonly id: string;
  readonly rule: FaultRule;
  readonly gate = new Gate();
  /** Decided once per movie: a rule with odds must not change its mind between two polls. */
  readonly #decided = new WeakMap<object, boolean>();
  readonly #random: Random;
  #matched = 0;
  #applied = 0;

  constructor(id: string, rule: FaultRule, random: Random) {
    this.id = id;
    this.rule = rule;
    this.#random = random;
  }

  /** Is the rule about this movie? Counts nothing. */
  concerns(subject: Subject): boolean {
    const { key, project } = this.rule.match;
    return (
      (key === undefined || key === subject.key) && (project === undefined || project === subject.project)
    );
  }

  /** Counts one match, and says whether the rule fires for it. */
  fires(): boolean {
    const { nth, probability } = this.rule.match;
    const { times } = this.rule;
    this.#matched += 1;
    if (nth !== undefined && nth !== this.#matched) return false;
    if (times !== undefined && this.#applied >= times) return false;
    if (probability !== undefined && this.#random() >= probability) return false;
    return true;
  }

  /** Uses up one of its `times`. */
  applies(): void {
    this.#applied += 1;
  }

  /** As {@link fires} and {@link applies}, for a movie: asked as often as one likes, counted once. */
  governs(movie: object): boolean {
    const before = this.#decided.get(movie);
    if (before !== undefined) return before;
    const decision = this.fires();
    if (decision) this.applies();
    this.#decided.set(movie, decision);
    return decision;
  }

  view(): FaultView {
    return { id: this.id, ...this.rule, matched: this.#matched, applied: this.#applied };
  }
}
