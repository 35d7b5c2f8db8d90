import type { ScaledClock } from './clock.js';
import { Credits } from './credits.js';
import type { JsonObject } from './json.js';
import { textOf } from './json.js';
import type { Ledger } from './ledger.js';
import type { Movie, MovieEnd } from './movie.js';
import type { Random } from './random.js';
import { alphanumeric, hex } from './random.js';
import { planRender } from './render-plan.js';
import type { StateScripts } from './state-scripts.js';
import { clientDataOf, markedKey, webhooksOf } from './submitted-movie.js';
import type { ShownState } from './timeline.js';
import { stateAt } from './timeline.js';
import { flatVideo } from './video/video.js';

export interface RendersDeps {
  readonly clock: ScaledClock;
  readonly credits: Credits;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly scripts: StateScripts;
  readonly renderSeconds: number | undefined;
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** At most this long, and at most this share of the render, is a movie `pending`. */
const PENDING_MS = 1_000;
const PENDING_SHARE = 0.2;

/** Every movie the fake has ever accepted, and what becomes of each. */
export class Renders {
  readonly #deps: RendersDeps;
  readonly #byProject = new Map<string, Movie>();
  readonly #byStem = new Map<string, Movie>();
  /** Past their time, but a script keeps them from ending. */
  readonly #overdue = new Set<Movie>();

  /** Called once for each movie, right after its end has been booked. */
  onEnd: (movie: Movie, outcome: ShownState) => void = () => undefined;

  constructor(deps: RendersDeps) {
    this.#deps = deps;
  }

  /**
   * Takes a movie on. It is in the ledger file before this returns.
   *
   * @param submitted the body of the submission
   * @param rendered what is rendered: the same, or the filled template
   */
  accept(submitted: JsonObject, rendered: JsonObject): Movie {
    const movie = this.#newMovie(submitted, rendered);
    this.#byProject.set(movie.project, movie);
    this.#byStem.set(movie.stem, movie);
    const createdAt = iso(movie.createdAtMs);
    this.#deps.ledger.append({ event: 'accepted', ...nameOf(movie), createdAt, status: 'pending' });
    this.#deps.clock.at(movie.endsAtMs, (dueMs) => this.#due(movie, dueMs));
    return movie;
  }

  get(project: string): Movie | undefined {
    return this.#byProject.get(project);
  }

  byStem(stem: string): Movie | undefined {
    return this.#byStem.get(stem);
  }

  /** In the order of acceptance. */
  all(): Movie[] {
    return [...this.#byProject.values()];
  }

  /** What the API says about the movie now. */
  shown(movie: Movie): ShownState {
    return this.#deps.scripts.shown(movie) ?? stateAt(movie, this.#deps.clock.now());
  }

  /** How the movie will end as things stand. */
  outcome(movie: Movie): ShownState {
    const scripted = this.#deps.scripts.outcome(movie);
    if (scripted !== undefined && scripted !== 'never') return scripted;
    const { failure } = movie.plan;
    return failure === undefined ? { status: 'done', message: '' } : { status: 'error', message: failure };
  }

  /** Counts one status call. A script's last item ends the movie, however early it comes up. */
  polled(movie: Movie): void {
    movie.polls += 1;
    if (this.#deps.scripts.step(movie)) this.#due(movie, this.#deps.clock.now());
  }

  /** Removes the file, not the record, and does not stop a running render. Deleting again changes nothing. */
  remove(movie: Movie): number {
    if (movie.deletedAtMs !== undefined) return movie.deletedAtMs;
    movie.deletedAtMs = this.#deps.clock.now();
    this.#deps.ledger.append({ event: 'deleted', ...nameOf(movie), deletedAt: iso(movie.deletedAtMs) });
    return movie.deletedAtMs;
  }

  /** Ends what was only held up by rules that are gone. */
  recheck(): void {
    for (const movie of this.#overdue) this.#due(movie, this.#deps.clock.now());
  }

  #due(movie: Movie, atMs: number): void {
    if (movie.end !== undefined) return;
    if (this.#deps.scripts.outcome(movie) === 'never') {
      this.#overdue.add(movie);
      return;
    }
    this.#overdue.delete(movie);
    this.#end(movie, atMs);
  }

  #end(movie: Movie, atMs: number): void {
    const outcome = this.#affordable(movie, this.outcome(movie));
    const isDone = outcome.status === 'done';
    const end: MovieEnd = {
      atMs,
      status: isDone ? 'done' : 'error',
      message: outcome.message,
      credits: isDone ? Credits.priceOf(movie.plan.durationSeconds) : 0,
    };
    movie.end = end;
    const { status, message, credits } = end;
    const endedAt = iso(atMs);
    this.#deps.ledger.append({ event: 'ended', ...nameOf(movie), status, endedAt, credits, message });
    this.onEnd(movie, outcome);
  }

  /** Charges a finished movie. Running dry half-way comes out here, as it does at the provider. */
  #affordable(movie: Movie, outcome: ShownState): ShownState {
    if (outcome.status !== 'done') return outcome;
    if (this.#deps.credits.charge(Credits.priceOf(movie.plan.durationSeconds))) return outcome;
    return { status: 'error', message: 'You exceeded the quota of time in your plan' };
  }

  #newMovie(submitted: JsonObject, rendered: JsonObject): Movie {
    const { clock, random, renderSeconds } = this.#deps;
    const plan = planRender(rendered, renderSeconds);
    const createdAtMs = clock.now();
    const renderMs = plan.renderSeconds * 1000;
    const stem = `${iso(createdAtMs).slice(0, 10)}-${hex(random, 16)}`;
    return {
      seq: this.#byProject.size + 1,
      project: alphanumeric(random, 16),
      key: markedKey(submitted),
      createdAtMs,
      startsAtMs: createdAtMs + Math.min(PENDING_MS, renderMs * PENDING_SHARE),
      endsAtMs: createdAtMs + renderMs,
      json: JSON.stringify(submitted),
      label: textOf(submitted['id']) ?? alphanumeric(random, 8),
      clientData: clientDataOf(rendered),
      destinations: webhooksOf(rendered),
      plan,
      stem,
      sizeBytes: flatVideo({ ...plan, seed: stem }).length,
      webhooks: [],
      polls: 0,
      end: undefined,
      deletedAtMs: undefined,
    };
  }
}

/** How a movie is named in every line of the ledger. */
export function nameOf(movie: Movie): { project: string; key?: string } {
  return { project: movie.project, ...(movie.key === undefined ? {} : { key: movie.key }) };
}
