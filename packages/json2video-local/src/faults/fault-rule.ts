import { z } from 'zod';

import { OptionInvalid } from '../invalid.js';
import { CALLS } from '../records/journal.js';

const ms = z.number().int().min(0).max(3_600_000);
const count = z.number().int().min(1).max(1_000);

/** One answer of a state script: a status, or a status with message and URL. */
const scriptItem = z.union([
  z.string().min(1),
  z.strictObject({
    status: z.string().min(1),
    message: z.string().optional(),
    url: z.string().nullable().optional(),
  }),
]);

const kind = <K extends string, S extends z.core.$ZodLooseShape>(name: K, shape: S) =>
  z.strictObject({ kind: z.literal(name), ...shape });

/**
 * The effect of a rule. Times on the wire (`ms`) are real milliseconds; times of the provider's state (`lagSeconds`)
 * are seconds of the server's clock.
 */
const effectSchema = z.discriminatedUnion('kind', [
  kind('refuse', {}),
  kind('reset-before', {}),
  kind('reset-after', {}),
  kind('hang-before', {}),
  kind('hang-after', {}),
  kind('delay', { ms }),
  kind('truncate', { bytes: z.number().int().min(0) }),
  kind('drip', { ms: ms.default(100), bytes: count.default(1) }),
  kind('status', {
    code: z.number().int().min(200).max(599),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.unknown().optional(),
    /** True if the call takes effect all the same: the sources disagree whether a 5xx creates a movie (C17). */
    accept: z.boolean().default(false),
  }),
  kind('body', { text: z.string(), accept: z.boolean().default(false) }),
  kind('park', { at: z.enum(['before', 'after']) }),
  kind('account', { problem: z.enum(['no-credits', 'suspended', 'bad-key', 'low-role']) }),
  kind('state', { script: z.array(scriptItem).min(1).max(1_000) }),
  kind('list', { lagSeconds: z.number().min(0).optional(), omit: z.boolean().default(false) }),
  kind('webhook', {
    action: z.enum(['lose', 'duplicate', 'early', 'late', 'reorder', 'forge', 'wrong-project']),
    n: count.optional(),
    ms: ms.optional(),
  }),
]);

/**
 * The requests (for `state`, `list` and `webhook` the movies) that a rule matches. A field left out matches
 * everything. `nth` counts matches from 1.
 */
const matchSchema = z.strictObject({
  call: z.enum(CALLS).optional(),
  key: z.string().min(1).optional(),
  project: z.string().min(1).optional(),
  nth: z.number().int().min(1).optional(),
  probability: z.number().min(0).max(1).optional(),
});

export const faultRuleSchema = z.strictObject({
  match: matchSchema,
  effect: effectSchema,
  /** The rule takes effect at most this often. */
  times: z.number().int().min(1).optional(),
});

export type Effect = z.output<typeof effectSchema>;
type EffectKind = Effect['kind'];
export type EffectOf<K extends EffectKind> = Extract<Effect, { kind: K }>;
/** Effects on the provider's state, rather than on one exchange. */
export type StandingKind = 'state' | 'list' | 'webhook';
export type WireEffect = Exclude<Effect, { kind: StandingKind }>;
export type FaultRule = z.output<typeof faultRuleSchema>;
/** A rule as written by a test or in the body of `POST /_fake/faults`. */
export type FaultRuleInput = z.input<typeof faultRuleSchema>;

/** Checks a fault rule. @throws OptionInvalid naming the field */
export function parseFaultRule(value: unknown): FaultRule {
  const parsed = faultRuleSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new OptionInvalid(
    `The fault rule's field "${field === '' ? '(whole rule)' : field}" is not usable: ${issue?.message ?? 'invalid'}.`,
  );
}
