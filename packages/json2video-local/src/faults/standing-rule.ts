import type { FaultRule } from './fault-rule.js';
import type { Call } from '../records/journal.js';
import type { Random } from '../random.js';

/** A request or a movie, as rules match it. */
export interface Subject {
  readonly call?: Call;
  readonly key?: string | undefined;
  readonly project?: string | undefined;
}

/** A rule as `GET /_fake/faults` shows it. */
interface FaultView extends FaultRule {
  readonly id: string;
  /** Number of requests (or movies) that matched. */
  readonly matched: number;
  /** Number of times that it took effect. */
  readonly applied: number;
}

/** A rule in force, with its counts. */
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

  /** True if the rule names this key and project, or none. Counts nothing. */
  concerns(subject: Subject): boolean {
    const { key, project } = this.rule.match;
    return (
      (key === undefined || key === subject.key) && (project === undefined || project === subject.project)
    );
  }

  /** Counts one match; true if the rule fires for it. */
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

  /** Counts and decides for a movie, once: later calls return the first decision. */
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

/** Holds requests until it is opened, once and for good. */
class Gate {
  readonly #waiting = new Set<() => void>();
  #open = false;

  /** Resolves when the gate opens, or when `gone` resolves, whichever is first. */
  async wait(gone: Promise<void>): Promise<void> {
    if (this.#open) return;
    await new Promise<void>((resolve) => {
      const pass = (): void => {
        if (this.#waiting.delete(pass)) resolve();
      };
      this.#waiting.add(pass);
      void gone.then(pass);
    });
  }

  /** Lets all requests through; returns their number. */
  open(): number {
    const released = this.#waiting.size;
    this.#open = true;
    for (const pass of this.#waiting) pass();
    return released;
  }
}
