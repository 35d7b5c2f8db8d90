import type { Quirks } from '../quirks.js';
import type { Effect, EffectOf } from './fault-rule.js';

/** A 5xx whose rule does not say whether a movie came into being: the quirk `serverError` does. */
export function isLeftOpen({ accept, code }: EffectOf<'status'>): boolean {
  return accept === undefined && code >= 500;
}

/** Does a submission that is answered like this take effect? */
export function accepts(effect: EffectOf<'status'>, quirks: Quirks): boolean {
  return effect.accept ?? (isLeftOpen(effect) && quirks.serverError !== 'nothing-created');
}

/** The effect as it is at present, for those who look at the rules. */
export function resolved(effect: Effect, quirks: Quirks): Effect {
  return effect.kind === 'status' ? { ...effect, accept: accepts(effect, quirks) } : effect;
}
