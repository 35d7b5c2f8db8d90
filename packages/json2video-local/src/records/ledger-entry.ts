import { z } from 'zod';

const named = { project: z.string(), key: z.string().optional() };
const iso = z.iso.datetime();
const object = z.record(z.string(), z.unknown());
/** State of the random generator after the event, so that a restart goes on drawing where the run before it stopped. */
const drawn = { random: z.number().optional() };

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

const destination = z.union([
  z.object({
    type: z.literal('webhook'),
    endpoint: z.string(),
    contentType: z.string().optional(),
    headers: z.record(z.string(), z.string()),
  }),
  z.object({ type: z.string(), problem: z.string().optional() }),
]);

/** The facts that bring a movie back after a restart. */
const restore = z.object({
  seq: z.number(),
  startsAt: iso,
  endsAt: iso,
  label: z.string(),
  stem: z.string(),
  /** Life of a file that came from the cache. */
  madeAt: iso.optional(),
  expiresAt: iso.optional(),
  isCached: z.boolean(),
  fingerprint: z.string().optional(),
  plan,
  destinations: z.array(destination),
  submitted: object,
  /** Only if it differs from the submitted movie: a template, filled. */
  rendered: object.optional(),
});

/** The end of a render, and its charges. */
const charged = {
  status: z.enum(['done', 'error']),
  endedAt: iso,
  /** Charged for the render; generated assets come on top. */
  credits: z.number(),
  message: z.string().default(''),
  assets: z.array(z.object({ fingerprint: z.string(), credits: z.number() })).default([]),
};

const webhook = {
  url: z.string(),
  at: iso,
  status: z.number().nullable(),
  ms: z.number(),
  /** Part of the movie's life to which the callback belongs. */
  stage: z.enum(['early', 'forged', 'end']),
  /** True if the destination is not tried again. */
  isLast: z.boolean(),
};

const template = z.object({
  id: z.string(),
  name: z.string(),
  tags: z.array(z.string()),
  prompt: z.string(),
  movie: object,
  movieAs: z.enum(['string', 'object']),
  published: z.boolean(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
});

/** The charges of movies that the server has forgotten (`maxMovies`), and their number. */
const forgotten = {
  lastSeq: z.number(),
  movies: z.number(),
  drafts: z.number(),
  credits: z.number(),
  assets: z.number(),
};

const event = <E extends string, S extends z.core.$ZodLooseShape>(name: E, shape: S) =>
  z.object({ event: z.literal(name), ...shape });

/** One line of the ledger file. Times are ISO 8601, the server's clock. */
export const ledgerEntry = z.discriminatedUnion('event', [
  event('opened', { version: z.literal(1), at: iso, credits: z.number(), clientId: z.string(), ...drawn }),
  event('accepted', { ...named, createdAt: iso, status: z.literal('pending'), restore, ...drawn }),
  event('polled', { ...named, polls: z.number() }),
  /** The render is over and charged, and the movie runs on until its callbacks are out (switch `exportsPhase`). */
  event('rendered', { ...named, ...charged }),
  event('ended', { ...named, ...charged }),
  event('webhook', { ...named, ...webhook }),
  /** No callback is due any more. */
  event('exported', named),
  event('deleted', { ...named, deletedAt: iso }),
  event('granted', { at: iso, credits: z.number() }),
  event('template', {
    at: iso,
    id: z.string(),
    /** Null if it was deleted. */
    template: template.nullable(),
    /** The option that it comes from, as JSON; left out if it was written at run time. */
    option: z.string().optional(),
    ...drawn,
  }),
  event('switches', { at: iso, option: z.string(), positions: object }),
  event('forgotten', forgotten),
  /** The clock shows nothing later before the next line of this kind. */
  event('clock', { at: iso }),
]);

export type LedgerEntry = z.output<typeof ledgerEntry>;
/** A line about one kind of event. */
export type LedgerEntryOf<E extends LedgerEntry['event']> = Extract<LedgerEntry, { event: E }>;

/** Returns the time of an entry, milliseconds; 0 if it has none. */
export function timeOf(entry: LedgerEntry): number {
  if ('at' in entry) return Date.parse(entry.at);
  if ('createdAt' in entry) return Date.parse(entry.createdAt);
  if ('endedAt' in entry) return Date.parse(entry.endedAt);
  return 'deletedAt' in entry ? Date.parse(entry.deletedAt) : 0;
}

/** Returns the name of the fact that the entry states anew; undefined if it adds one. Only the last of a name counts. */
export function restatedFact(entry: LedgerEntry): string | undefined {
  switch (entry.event) {
    case 'polled':
      return `polled ${entry.project}`;
    case 'template':
      return `${entry.option === undefined ? 'template' : 'option'} ${entry.id}`;
    case 'switches':
    case 'clock':
      return entry.event;
    default:
      return undefined;
  }
}
