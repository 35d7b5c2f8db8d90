import { isoOf } from '../text/time.js';
import { AuditedProjects } from './audited-projects.js';
import {
  type BudgetDenial,
  type BudgetSetting,
  type BudgetView,
  type Release,
  type ReservationView,
  type ReserveRequest,
  type Settlement,
  windowAt,
} from './budget.js';
import { type BudgetRecord, changed } from './budget-record.js';
import { DayTotals } from './day-totals.js';
import { type Reservation, Reservations } from './reservations.js';

/** In place of the number of a submission: the run has posted. Numbers begin with 1, and 0 is one that was given back. */
const POSTED = -1;

/**
 * The books of one budget, without I/O or clock. A credit counts in the window in which it was reserved, whenever it is
 * posted. `denialOf` says if a request fits. `reserve` books in any case, because a replay repeats only what had fitted.
 */
export class BudgetBook {
  readonly #name: string;
  #set: Pick<BudgetRecord, 'terms' | 'changes'>;
  readonly #posted: DayTotals;
  readonly #overrun: DayTotals;
  readonly #reservations: Reservations;
  #softFor: number | undefined;
  #exceededFor: number | undefined;
  readonly #audited: AuditedProjects;

  constructor(record: BudgetRecord) {
    this.#name = record.name;
    this.#set = { terms: record.terms, changes: record.changes };
    this.#posted = new DayTotals(record.posted);
    this.#overrun = new DayTotals(record.overrun);
    this.#reservations = new Reservations(record.reservations);
    this.#softFor = record.softFor;
    this.#exceededFor = record.exceededFor;
    this.#audited = new AuditedProjects(record.audited);
  }

  record(): BudgetRecord {
    return {
      name: this.#name,
      ...this.#set,
      posted: this.#posted.record(),
      overrun: this.#overrun.record(),
      reservations: this.#reservations.records(),
      softFor: this.#softFor,
      exceededFor: this.#exceededFor,
      audited: this.audited,
    };
  }

  set(setting: BudgetSetting, atMs: number): void {
    this.#set = changed(this.#set, setting, atMs);
  }

  /** Returns why a request does not fit; undefined if it fits. */
  denialOf(request: ReserveRequest, nowMs: number): BudgetDenial | undefined {
    const { limit, per } = this.#set.terms;
    const { startMs, endMs } = windowAt(per, nowMs);
    const before = this.#reservations.of(request.run);
    const needs = this.#needsOf(request) * request.count;
    if (needs <= heldBy(before)) return undefined;
    const left = limit - this.#usedIn(startMs) + (isWithin(before, startMs) ? heldBy(before) : 0);
    const isFull = before === undefined && !this.#reservations.hasRoomFor(request.key);
    if (needs <= left && !isFull) return undefined;
    const opensAtMs = isFull ? nowMs : needs > limit ? undefined : endMs;
    return {
      budget: this.#name,
      limit,
      needs,
      left: Math.max(0, left),
      opensAt: opensAtMs === undefined ? null : isoOf(opensAtMs),
      opensInMs: opensAtMs === undefined ? null : opensAtMs - nowMs,
      windowStartMs: startMs,
      isKnown: isFull || this.#exceededFor === startMs,
      ...(isFull ? { isFull } : {}),
    };
  }

  /** Books a request and returns the credits of one submission. A run has one reservation, whatever its number. */
  reserve(request: ReserveRequest, nowMs: number): number {
    const { run, runId, key, number, count } = request;
    const before = this.#reservations.of(run);
    const credits = this.#needsOf(request);
    const { startMs } = windowAt(this.#set.terms.per, nowMs);
    // A reservation of an earlier window that grows takes its credits from the present one.
    const stays = before !== undefined && (isWithin(before, startMs) || credits * count <= heldBy(before));
    const atMs = stays ? before.atMs : nowMs;
    const booked = { run, key, runId, number, count, credits };
    this.#reservations.put({ ...booked, atMs, lastMs: nowMs, isInDoubt: false });
    return credits;
  }

  /** Gives back what an attempt had reserved; a release that comes after a newer reservation changes nothing. */
  release({ run, runId, number }: Release): void {
    const before = this.#reservations.of(run);
    if (before === undefined || before.runId !== runId || before.number !== number) return;
    this.#reservations.put({ ...before, number: 0, count: before.count - 1 });
  }

  /** Settles a run's reservation. Without one, and for one that was made after the run's end, changes nothing. */
  settle({ run, runId, endedAtMs, post, inDoubt, project }: Omit<Settlement, 'budget'>): void {
    const before = this.#reservations.of(run);
    if (before === undefined || (before.runId !== runId && before.lastMs > endedAtMs)) return;
    // What is left of a reservation that was posted is in doubt; its run posts once.
    if (inDoubt === 'rest' && before.number === POSTED) return;
    this.#posted.add(before.atMs, post);
    this.#overrun.add(before.atMs, Math.max(0, post - before.credits));
    const count = { none: 0, rest: before.count - 1, all: before.count }[inDoubt];
    const number = inDoubt === 'rest' ? POSTED : before.number;
    this.#reservations.put({ ...before, number, count, isInDoubt: true });
    if (project !== undefined) this.#audited.note(project);
  }

  /** Projects that no audit posts again. */
  get audited(): readonly string[] {
    return this.#audited.list();
  }

  /** Posts a movie that an audit found without a reservation, once. */
  postAudited(project: string, credits: number, atMs: number): void {
    if (!this.#audited.note(project)) return;
    this.#posted.add(atMs, credits);
    this.#overrun.add(atMs, credits);
  }

  /** Returns true once in each window, when its spending has reached the soft limit. */
  passesSoft(nowMs: number): boolean {
    const { limit, per, soft } = this.#set.terms;
    const { startMs } = windowAt(per, nowMs);
    if (this.#softFor === startMs || this.#usedIn(startMs) * 100 < limit * soft) return false;
    this.#softFor = startMs;
    return true;
  }

  /** Notes that a window was exceeded. Returns true the first time, if it is the present window. */
  exceeds(windowStartMs: number, nowMs: number): boolean {
    const { startMs } = windowAt(this.#set.terms.per, nowMs);
    if (windowStartMs !== startMs || this.#exceededFor === startMs) return false;
    this.#exceededFor = startMs;
    return true;
  }

  /** Returns open reservations whose last submission is older than a time, the oldest first. */
  openBefore(beforeMs: number): readonly Reservation[] {
    return this.#reservations.openBefore(beforeMs);
  }

  reservations(from: number, limit: number): ReservationView[] {
    return this.#reservations.page(from, limit);
  }

  view(nowMs: number): BudgetView {
    const { startMs, endMs } = windowAt(this.#set.terms.per, nowMs);
    const { open, inDoubt } = this.#reservations;
    return {
      name: this.#name,
      ...this.#set.terms,
      window: { start: isoOf(startMs), end: endMs === undefined ? null : isoOf(endMs) },
      posted: this.#posted.since(startMs),
      reserved: open.since(startMs),
      inDoubt: inDoubt.since(startMs),
      left: Math.max(0, this.#set.terms.limit - this.#usedIn(startMs)),
      overrun: this.#overrun.since(startMs),
      reached: { soft: this.#softFor === startMs, limit: this.#exceededFor === startMs },
      all: { posted: this.#posted.total, reserved: open.total, inDoubt: inDoubt.total },
      reservations: this.#reservations.counts(),
      changes: this.#set.changes,
    };
  }

  #needsOf({ credits, isUnknown }: ReserveRequest): number {
    return isUnknown ? Math.max(credits, this.#set.terms.unknown) : credits;
  }

  #usedIn(startMs: number): number {
    const { open, inDoubt } = this.#reservations;
    return this.#posted.since(startMs) + open.since(startMs) + inDoubt.since(startMs);
  }
}

function heldBy(reservation: Reservation | undefined): number {
  return reservation === undefined ? 0 : reservation.count * reservation.credits;
}

function isWithin(reservation: Reservation | undefined, startMs: number): boolean {
  return reservation !== undefined && reservation.atMs >= startMs;
}
