import type { ScaledClock } from '../clock.js';
import type { StateScripts } from '../faults/state-scripts.js';
import type { SeededRandom } from '../random.js';
import type { SwitchBoard } from '../switch-board.js';
import type { Ledger } from '../records/ledger.js';
import { acceptedEntry } from '../records/accepted-entry.js';
import type { Acceptance, Submission } from './acceptance.js';
import type { Billing, PaidAsset } from './billing.js';
import type { Movie, MovieEnd } from './movie.js';
import { nameOf } from './movie.js';
import type { MovieStore } from './movie-store.js';
import type { RenderCache } from './render-cache.js';
import type { ShownState } from './timeline.js';
import { outlastsTimeout, stateAt } from './timeline.js';
import { isWebhook } from '../webhooks/destinations.js';

interface RendersDeps {
  readonly clock: ScaledClock;
  readonly ledger: Ledger;
  readonly scripts: StateScripts;
  readonly switches: SwitchBoard;
  readonly store: MovieStore;
  readonly acceptance: Acceptance;
  readonly billing: Billing;
  readonly cache: RenderCache;
  readonly random: SeededRandom;
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** Leads each accepted movie to its end: it starts, ends, is charged and is exported. */
export class Renders {
  readonly #deps: RendersDeps;
  /** Movies past their end that a script or a switch keeps running. */
  readonly #overdue = new Set<Movie>();

  /** Called once for each movie after its render; resolves when its exports are over: false if the server closed first. */
  onRendered: (movie: Movie, outcome: ShownState) => Promise<boolean> = async () => true;
  /** Called after every change of a movie. */
  onChange: (movie: Movie) => void = () => undefined;

  constructor(deps: RendersDeps) {
    this.#deps = deps;
  }

  /** Accepts a movie. It is in the ledger file before this returns. */
  accept(submission: Submission): Movie {
    const { acceptance, store, ledger, random } = this.#deps;
    const movie = acceptance.accepted(submission);
    if (ledger.isKept) ledger.append(acceptedEntry(movie, submission, random.state));
    store.add(movie);
    this.resume(movie);
    return movie;
  }

  /** Goes on with a movie: sets the alarms for its start and its end, or runs the exports that are still due. */
  resume(movie: Movie): void {
    const { clock } = this.#deps;
    this.onChange(movie);
    const { rendered, end } = movie;
    if (rendered !== undefined) return void this.#exportBeforeEnd(movie, rendered);
    if (end !== undefined) {
      if (movie.destinations.some(isWebhook)) void this.#export(movie, end);
      return;
    }
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
    this.#deps.ledger.append({ event: 'polled', ...nameOf(movie), polls: movie.polls });
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
    if (movie.end !== undefined || movie.rendered !== undefined) return;
    const outcome = this.outcome(movie);
    if (outcome === 'never') {
      this.#overdue.add(movie);
      return;
    }
    this.#overdue.delete(movie);
    this.#rendered(movie, outcome, atMs);
  }

  #rendered(movie: Movie, planned: ShownState, atMs: number): void {
    const { billing, switches, cache } = this.#deps;
    const { outcome, credits, assets } = billing.settle(movie, planned, atMs);
    const isDone = outcome.status === 'done';
    if (isDone) cache.keepRender(movie, atMs);
    const end: MovieEnd = { atMs, status: isDone ? 'done' : 'error', message: outcome.message, credits };
    if (switches.current.exportsPhase === 'after-done' || movie.destinations.length === 0) {
      this.#book(movie, end, assets);
      void this.#export(movie, end);
      return;
    }
    this.#deps.ledger.append({ event: 'rendered', ...nameOf(movie), ...written(end, assets) });
    movie.rendered = end;
    void this.#exportBeforeEnd(movie, end);
  }

  async #exportBeforeEnd(movie: Movie, end: MovieEnd): Promise<void> {
    if (!(await this.#export(movie, end))) return;
    this.#book(movie, { ...end, atMs: Math.max(end.atMs, this.#deps.clock.now()) }, []);
  }

  /** Runs the exports that are still due. False if the server closed before they were over. */
  async #export(movie: Movie, end: MovieEnd): Promise<boolean> {
    if (movie.isExported) return true;
    const isOver = await this.onRendered(movie, end);
    if (!isOver) return false;
    movie.isExported = true;
    if (movie.destinations.some(isWebhook)) {
      this.#deps.ledger.append({ event: 'exported', ...nameOf(movie) });
    }
    return true;
  }

  #book(movie: Movie, end: MovieEnd, assets: readonly PaidAsset[]): void {
    this.#deps.ledger.append({ event: 'ended', ...nameOf(movie), ...written(end, assets) });
    movie.end = end;
    movie.rendered = undefined;
    this.onChange(movie);
  }
}

function written({ atMs, status, message, credits }: MovieEnd, assets: readonly PaidAsset[]) {
  return { status, endedAt: iso(atMs), credits, message, assets: [...assets] };
}
