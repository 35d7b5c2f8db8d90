import type { ScaledClock } from '../clock.js';
import type { StateScripts } from '../faults/state-scripts.js';
import type { SwitchBoard } from '../switch-board.js';
import type { Ledger } from '../records/ledger.js';
import type { Acceptance, Submission } from './acceptance.js';
import type { Billing } from './billing.js';
import type { Movie, MovieEnd } from './movie.js';
import { nameOf } from './movie.js';
import type { MovieStore } from './movie-store.js';
import { FILE_RETENTION_MS } from './render-cache.js';
import type { RenderCache } from './render-cache.js';
import type { ShownState } from './timeline.js';
import { outlastsTimeout, stateAt } from './timeline.js';

interface RendersDeps {
  readonly clock: ScaledClock;
  readonly ledger: Ledger;
  readonly scripts: StateScripts;
  readonly switches: SwitchBoard;
  readonly store: MovieStore;
  readonly acceptance: Acceptance;
  readonly billing: Billing;
  readonly cache: RenderCache;
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** Leads each accepted movie to its end: it starts, ends, is charged and is exported. */
export class Renders {
  readonly #deps: RendersDeps;
  /** Movies past their end that a script or a switch keeps running. */
  readonly #overdue = new Set<Movie>();

  /** Called once for each movie after its render; resolves when its exports are over. */
  onRendered: (movie: Movie, outcome: ShownState) => Promise<void> = async () => undefined;
  /** Called after every change of a movie. */
  onChange: (movie: Movie) => void = () => undefined;

  constructor(deps: RendersDeps) {
    this.#deps = deps;
  }

  /** Accepts a movie. It is in the ledger file before this returns. */
  accept(submission: Submission): Movie {
    const { acceptance, store, ledger } = this.#deps;
    const movie = acceptance.accepted(submission);
    store.add(movie);
    const { submitted, rendered } = submission;
    const restore = {
      startsAt: iso(movie.startsAtMs),
      endsAt: iso(movie.endsAtMs),
      label: movie.label,
      stem: movie.file.stem,
      isCached: movie.isCached,
      fingerprint: movie.fingerprint,
      plan: { ...movie.plan, assets: [...movie.plan.assets], scenes: [...movie.plan.scenes] },
      submitted,
      ...(rendered === submitted ? {} : { rendered }),
    };
    const createdAt = iso(movie.createdAtMs);
    ledger.append({ event: 'accepted', ...nameOf(movie), createdAt, status: 'pending', restore });
    this.resume(movie);
    return movie;
  }

  /** Sets the alarms for the start and the end of a movie. */
  resume(movie: Movie): void {
    const { clock } = this.#deps;
    this.onChange(movie);
    if (movie.end !== undefined) return;
    clock.at(movie.startsAtMs, () => this.onChange(movie));
    clock.at(movie.endsAtMs, (dueMs) => this.#due(movie, dueMs));
  }

  /** Returns the state that the API shows now. */
  shown(movie: Movie): ShownState {
    return this.#deps.scripts.shown(movie) ?? stateAt(movie, this.#deps.clock.now());
  }

  /** Returns the end that awaits the movie; `never` if only the change of a rule or a switch can end it. */
  outcome(movie: Movie): ShownState | 'never' {
    const scripted = this.#deps.scripts.outcome(movie);
    if (scripted !== undefined) return scripted;
    const { failure } = movie.plan;
    if (failure !== undefined) return { status: 'error', message: failure.message };
    const { afterTimeout } = this.#deps.switches.current;
    if (!outlastsTimeout(movie) || afterTimeout === 'done') return { status: 'done', message: '' };
    return afterTimeout === 'never' ? 'never' : { status: 'error', message: 'Movie took too long to render' };
  }

  /** Returns the same for a callback that goes out before the end. */
  foreseen(movie: Movie): ShownState {
    const outcome = this.outcome(movie);
    return outcome === 'never' ? { status: 'done', message: '' } : outcome;
  }

  /** Counts one status call. A script's last item ends the movie at once. */
  polled(movie: Movie): void {
    movie.polls += 1;
    if (this.#deps.scripts.step(movie)) this.#due(movie, this.#deps.clock.now());
    this.onChange(movie);
  }

  /** Removes the file, not the record, and does not stop a running render. Deleting again changes nothing. */
  remove(movie: Movie): number {
    if (movie.deletedAtMs !== undefined) return movie.deletedAtMs;
    const nowMs = this.#deps.clock.now();
    movie.deletedAtMs = nowMs;
    movie.file.removedAtMs ??= nowMs;
    this.#deps.ledger.append({ event: 'deleted', ...nameOf(movie), deletedAt: iso(nowMs) });
    this.onChange(movie);
    return nowMs;
  }

  /** Ends the movies that rules or switches no longer keep running. */
  recheck(): void {
    for (const movie of this.#overdue) this.#due(movie, this.#deps.clock.now());
  }

  #due(movie: Movie, atMs: number): void {
    if (movie.end !== undefined || movie.isExporting) return;
    const outcome = this.outcome(movie);
    if (outcome === 'never') {
      this.#overdue.add(movie);
      return;
    }
    this.#overdue.delete(movie);
    this.#rendered(movie, outcome, atMs);
  }

  #rendered(movie: Movie, planned: ShownState, atMs: number): void {
    const { billing, switches } = this.#deps;
    const { outcome, credits } = billing.settle(movie, planned, atMs);
    const isDone = outcome.status === 'done';
    if (isDone) this.#keep(movie, atMs);
    const end: MovieEnd = { atMs, status: isDone ? 'done' : 'error', message: outcome.message, credits };
    if (switches.current.exportsPhase === 'after-done' || movie.destinations.length === 0) {
      this.#book(movie, end);
      void this.onRendered(movie, outcome);
      return;
    }
    movie.isExporting = true;
    void this.onRendered(movie, outcome).then(() => {
      movie.isExporting = false;
      this.#book(movie, { ...end, atMs: Math.max(atMs, this.#deps.clock.now()) });
    });
  }

  /** Makes the file available, and keeps its parts in the cache. */
  #keep(movie: Movie, atMs: number): void {
    const { cache } = this.#deps;
    movie.file.madeAtMs ??= atMs;
    movie.file.expiresAtMs ??= atMs + FILE_RETENTION_MS;
    if (movie.fingerprint !== undefined) cache.keepVideo(movie.fingerprint, movie.file);
    for (const scene of movie.plan.scenes) cache.keepScene(scene, atMs);
  }

  #book(movie: Movie, end: MovieEnd): void {
    movie.end = end;
    const { status, message, credits, atMs } = end;
    const endedAt = iso(atMs);
    this.#deps.ledger.append({ event: 'ended', ...nameOf(movie), status, endedAt, credits, message });
    this.onChange(movie);
  }
}
