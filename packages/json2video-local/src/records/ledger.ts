import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';

import { z } from 'zod';

import { OptionInvalid } from '../invalid.js';
import { parsedJson } from '../json.js';

/** Size of a ledger file that can be read back, bytes: it is held in memory meanwhile. */
const MAX_LEDGER_BYTES = 256 * 1024 * 1024;

/**
 * The ledger's file. `append` returns after the line has reached the disk: a reply that a client has seen is never
 * missing here, also if this process is killed right after it.
 */
export class Ledger {
  #file: number | undefined;

  constructor(path: string | undefined) {
    this.#file = path === undefined ? undefined : openSync(path, 'a');
  }

  append(entry: LedgerEntry): void {
    if (this.#file === undefined) return;
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    fsyncSync(this.#file);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/**
 * Reads the entries of an earlier run; none if there is no such file. A last line that was cut short is removed from
 * the file: its movie was never acknowledged, because a line is whole before its reply goes out.
 *
 * @throws OptionInvalid naming the line
 */
export function readLedger(path: string | undefined): LedgerEntry[] {
  if (path === undefined || !existsSync(path)) return [];
  if (statSync(path).size > MAX_LEDGER_BYTES) {
    throw new OptionInvalid(`${path} is larger than ${MAX_LEDGER_BYTES} bytes: start with a new one.`);
  }
  const file = readFileSync(path);
  const wholeBytes = file.lastIndexOf('\n') + 1;
  if (wholeBytes < file.length) truncateSync(path, wholeBytes);
  const lines = file.subarray(0, wholeBytes).toString('utf8').split('\n').slice(0, -1);
  return lines.map((line, index) => entryOf(line, `${path}, line ${index + 1}`));
}

function entryOf(line: string, where: string): LedgerEntry {
  const parsed = ledgerEntry.safeParse(parsedJson(line));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new OptionInvalid(`${where} is no ledger line: "${issue?.path.join('.') ?? ''}" is not usable.`);
}

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
const ledgerEntry = z.discriminatedUnion('event', [
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
