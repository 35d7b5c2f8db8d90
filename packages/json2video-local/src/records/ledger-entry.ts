import { z } from 'zod';

const named = { project: z.string(), key: z.string().optional() };
const iso = z.iso.datetime();
const object = z.record(z.string(), z.unknown());

const plan = z.object({
  width: z.number(),
  height: z.number(),
  durationSeconds: z.number(),
  failure: z.object({ message: z.string(), stage: z.enum(['document', 'render']) }).optional(),
  renderSeconds: z.number(),
  assets: z.array(z.object({ fingerprint: z.string(), credits: z.number(), isFresh: z.boolean() })),
  scenes: z.array(z.string()),
  isBlack: z.boolean(),
});

/** The facts that bring a movie back after a restart. */
const restore = z.object({
  startsAt: iso,
  endsAt: iso,
  label: z.string(),
  stem: z.string(),
  isCached: z.boolean(),
  fingerprint: z.string().optional(),
  plan,
  submitted: object,
  /** Only if it differs from the submitted movie: a template, filled. */
  rendered: object.optional(),
});

/** One line of the ledger file. Times are ISO 8601, the server's clock. */
export const ledgerEntry = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('accepted'),
    ...named,
    createdAt: iso,
    status: z.literal('pending'),
    restore,
  }),
  z.object({
    event: z.literal('ended'),
    ...named,
    status: z.enum(['done', 'error']),
    endedAt: iso,
    /** Charged for the render; assets have lines of their own. */
    credits: z.number(),
    message: z.string().default(''),
  }),
  z.object({
    event: z.literal('asset'),
    ...named,
    at: iso,
    credits: z.number(),
    fingerprint: z.string(),
  }),
  z.object({ event: z.literal('deleted'), ...named, deletedAt: iso }),
  z.object({
    event: z.literal('webhook'),
    ...named,
    url: z.string(),
    at: iso,
    status: z.number().nullable(),
    ms: z.number(),
  }),
  z.object({ event: z.literal('granted'), at: iso, credits: z.number() }),
  z.object({ event: z.literal('advanced'), at: iso }),
]);

export type LedgerEntry = z.output<typeof ledgerEntry>;
/** A line about one kind of event. */
export type LedgerEntryOf<E extends LedgerEntry['event']> = Extract<LedgerEntry, { event: E }>;

/** Returns the time of an entry, milliseconds. */
export function timeOf(entry: LedgerEntry): number {
  switch (entry.event) {
    case 'accepted':
      return Date.parse(entry.createdAt);
    case 'ended':
      return Date.parse(entry.endedAt);
    case 'deleted':
      return Date.parse(entry.deletedAt);
    default:
      return Date.parse(entry.at);
  }
}
