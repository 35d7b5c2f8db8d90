import type { Effect, EffectOf, FaultRule, StandingKind, WireEffect } from './fault-rule.js';
import type { QuirkSwitches } from '../quirk-switches.js';
import type { Random } from '../random.js';
import type { FaultView, Subject } from './standing-rule.js';
import { StandingRule } from './standing-rule.js';
import { resolved } from './status-effect.js';

/** A rule that takes effect on the request at hand. */
export interface FiredFault {
  readonly id: string;
  readonly effect: WireEffect;
  readonly gate: StandingRule['gate'];
}

/** A standing rule that is about the movie at hand. */
export interface BoundFault<K extends StandingKind> {
  readonly id: string;
  readonly effect: EffectOf<K>;
}

const isStanding = (effect: Effect): effect is EffectOf<StandingKind> =>
  effect.kind === 'state' || effect.kind === 'list' || effect.kind === 'webhook';

const isOfKind = <K extends Effect['kind']>(effect: Effect, kind: K): effect is EffectOf<K> =>
  effect.kind === kind;

/**
 * All rules in force, in the order they were added. Each counts its own matches. Of the rules that fire for
 * one request the first takes effect; the others keep their `times`.
 */
export class FaultBook {
  readonly #random: Random;
  readonly #quirks: QuirkSwitches;
  readonly #rules = new Map<string, StandingRule>();
  #lastId = 0;

  /** Called after rules were added or removed: a movie they held may go on. */
  onChange: () => void = () => undefined;

  constructor(random: Random, quirks: QuirkSwitches) {
    this.#random = random;
    this.#quirks = quirks;
  }

  add(rule: FaultRule): string {
    this.#lastId += 1;
    const id = `fault-${this.#lastId}`;
    this.#rules.set(id, new StandingRule(id, rule, this.#random));
    this.onChange();
    return id;
  }

  views(): FaultView[] {
    return [...this.#rules.values()].map((rule) => this.#view(rule));
  }

  get size(): number {
    return this.#rules.size;
  }

  /** Removing a `park` rule lets go of those it holds. Undefined: no such rule. */
  remove(id: string): FaultView | undefined {
    const rule = this.#rules.get(id);
    if (rule === undefined) return undefined;
    this.#rules.delete(id);
    rule.gate.open();
    this.onChange();
    return this.#view(rule);
  }

  clear(): void {
    for (const id of this.#rules.keys()) this.remove(id);
  }

  /** Lets go of everything the rule has parked, and of what it would park later. Undefined: no such rule. */
  release(id: string): number | undefined {
    return this.#rules.get(id)?.gate.open();
  }

  /** Can create requests be judged before their body is read? Only if no rule asks for their key. */
  judgesUnread(): boolean {
    return ![...this.#rules.values()].some(
      ({ rule }) => rule.match.key !== undefined && !isStanding(rule.effect),
    );
  }

  /** The rule that takes effect on this request. Counts the request for every rule that matches it. */
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

  /** The rules of one kind that are about this movie. */
  boundTo<K extends 'state' | 'webhook'>(kind: K, movie: Subject & { project: string }): BoundFault<K>[] {
    if (this.#rules.size === 0) return [];
    return [...this.#rules.values()].flatMap((standing) => {
      const { effect } = standing.rule;
      if (!isOfKind(effect, kind) || !standing.concerns(movie) || !standing.governs(movie)) return [];
      return [{ id: standing.id, effect }];
    });
  }

  /** For one list request: the filters its fired rules put on the movies. */
  listFilters(): { effect: EffectOf<'list'>; concerns: (movie: Subject) => boolean }[] {
    return [...this.#rules.values()].flatMap((standing) => {
      const { effect } = standing.rule;
      if (effect.kind !== 'list' || !standing.fires()) return [];
      standing.applies();
      return [{ effect, concerns: (movie: Subject) => standing.concerns(movie) }];
    });
  }

  #view(rule: StandingRule): FaultView {
    const view = rule.view();
    return { ...view, effect: resolved(view.effect, this.#quirks.current) };
  }
}
