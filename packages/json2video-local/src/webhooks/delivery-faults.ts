import type { BoundFault, FaultBook } from '../faults/fault-book.js';
import type { EffectOf } from '../faults/fault-rule.js';
import type { Movie } from '../movies/movie.js';
import type { Quirks } from '../quirks.js';

export type WebhookAction = EffectOf<'webhook'>['action'];
export type WebhookFault = BoundFault<'webhook'>;

/** What a position of the quirk `webhookDelivery` does to every movie. */
const ACTIONS: Readonly<Partial<Record<Quirks['webhookDelivery'], WebhookAction>>> = {
  twice: 'duplicate',
  late: 'late',
  early: 'early',
  reorder: 'reorder',
  lost: 'lose',
};

/** Is this movie's callback to be tampered with in this way: by a rule, or else by the quirk? */
export function deliveryFault(
  book: FaultBook,
  quirks: Quirks,
  movie: Movie,
  action: WebhookAction,
): WebhookFault | undefined {
  const rule = book.boundTo('webhook', movie).find((fault) => fault.effect.action === action);
  if (rule !== undefined || ACTIONS[quirks.webhookDelivery] !== action) return rule;
  return { id: 'webhookDelivery', effect: { kind: 'webhook', action } };
}
