import type { Effect, EffectOf, FaultRule, StandingKind, WireEffect } from './fault-rule.js';
import type { Random } from '../random.js';
import type { Subject } from './standing-rule.js';
import { StandingRule } from './standing-rule.js';

/** A rule that takes effect on the current request. */
export interface FiredFault {
  readonly id: string;
  readonly effect: WireEffect;
  readonly gate: StandingRule['gate'];
}

/** A rule that governs the current movie. */
export interface BoundFault<K extends StandingKind> {
  readonly id: string;
  readonly effect: EffectOf<K>;
}

const isStanding = (effect: Effect): effect is EffectOf<StandingKind> =>
  effect.kind === 'state' || effect.kind === 'list' || effect.kind === 'webhook';

const isOfKind = <K extends Effect['kind']>(effect: Effect, kind: K): effect is EffectOf<K> =>
  effect.kind === kind;

/**
 * All rules in force, in the order in which they were added. Each counts its own matches. If several rules fire for
 * one request, the first takes effect; the others keep their `times`.
 */
export class FaultBook {
  readonly #random: Random;
  readonly #rules = new Map<string, StandingRule>();
  #lastId = 0;

  /** Called after rules were added or removed: a movie that they held may go on. */
  onChange: () => void = () => undefined;

  constructor(random: Random) {
    this.#random = random;
  }

  add(rule: FaultRule): string {
    this.#lastId += 1;
    const id = `fault-${this.#lastId}`;
    this.#rules.set(id, new StandingRule(id, rule, this.#random));
    this.onChange();
    return id;
  }

  views(): ReturnType<StandingRule['view']>[] {
    return [...this.#rules.values()].map((rule) => rule.view());
  }

  get size(): number {
    return this.#rules.size;
  }

  /** Removes a rule and lets go of the requests that it parks. Undefined if there is no such rule. */
  remove(id: string): ReturnType<StandingRule['view']> | undefined {
    const rule = this.#rules.get(id);
    if (rule === undefined) return undefined;
    this.#rules.delete(id);
    rule.gate.open();
    this.onChange();
    return rule.view();
  }

  clear(): void {
    for (const id of this.#rules.keys()) this.remove(id);
  }

  /** Lets go of the requests that a rule parks, and of later ones. Undefined if there is no such rule. */
  release(id: string): number | undefined {
    return this.#rules.get(id)?.gate.open();
  }

  /** True if create requests can be judged before their body is read: then no rule names a key. */
  judgesUnread(): boolean {
    return ![...this.#rules.values()].some(
      ({ rule }) => rule.match.key !== undefined && !isStanding(rule.effect),
    );
  }

  /** Returns the rule that takes effect on this request, and counts the request for every rule that matches it. */
  fire(request: Subject): FiredFault | undefined {
    let fired: FiredFault | undefined;
    for (const standing of this.#rules.values()) {
      const { effect, match } = standing.rule;
      if (isStanding(effect)) continue;
      if (match.call !== undefined && match.call !== request.call) continue;
      if (!standing.concerns(request) || !standing.fires() || fired !== undefined) continue;
      standing.applies();
      fired = { id: standing.id, effect, gate: standing.gate };
    }
    return fired;
  }

  /** Returns the rules of one kind that govern this movie. */
  boundTo<K extends 'state' | 'webhook'>(kind: K, movie: Subject & { project: string }): BoundFault<K>[] {
    if (this.#rules.size === 0) return [];
    return [...this.#rules.values()].flatMap((standing) => {
      const { effect } = standing.rule;
      if (!isOfKind(effect, kind) || !standing.concerns(movie) || !standing.governs(movie)) return [];
      return [{ id: standing.id, effect }];
    });
  }

  /** Returns the filters that the rules put on the movies of one list request. */
  listFilters(): { effect: EffectOf<'list'>; concerns: (movie: Subject) => boolean }[] {
    return [...this.#rules.values()].flatMap((standing) => {
      const { effect } = standing.rule;
      if (effect.kind !== 'list' || !standing.fires()) return [];
      standing.applies();
      return [{ effect, concerns: (movie: Subject) => standing.concerns(movie) }];
    });
  }
}
