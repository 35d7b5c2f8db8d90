import type { ScaledClock } from '../clock.js';
import type { JsonObject } from '../json.js';
import { textOf } from '../json.js';
import type { SwitchBoard } from '../switch-board.js';
import type { Random } from '../random.js';
import { alphanumeric } from '../random.js';
import type { LedgerEntryOf } from '../records/ledger-entry.js';
import { asksForFresh, movieFingerprint } from '../submission/fingerprint.js';
import { clientDataOf, markedKey } from '../submission/submitted-movie.js';
import { videoSize } from '../video/video.js';
import type { Destination, FakeConnection } from '../webhooks/destinations.js';
import { destinationsOf } from '../webhooks/destinations.js';
import type { Movie, VideoFile } from './movie.js';
import type { MovieStore } from './movie-store.js';
import { FILE_RETENTION_MS } from './render-cache.js';
import type { RenderCache } from './render-cache.js';
import type { RenderPlan } from './render-plan.js';
import type { Renderers } from './renderers.js';

interface AcceptanceDeps {
  readonly clock: ScaledClock;
  readonly random: Random;
  readonly store: MovieStore;
  readonly cache: RenderCache;
  readonly renderers: Renderers;
  readonly switches: SwitchBoard;
  readonly connections: Readonly<Record<string, FakeConnection>>;
  /** 0 to 1: the share by which render times vary at random. */
  readonly jitter: number;
}

/** A movie that the API accepts. */
export interface Submission {
  /** The body of the request. */
  readonly submitted: JsonObject;
  /** The same movie, or the template that it names, with all variables filled in. */
  readonly rendered: JsonObject;
  readonly plan: RenderPlan;
}

/** Remaining life of a file in the position `cachedUrl: near-expiry`, milliseconds of the server's clock. */
const NEAR_EXPIRY_MS = 60_000;

/** The longest time that a movie is `pending`, and the largest share of its render. */
const PENDING_MS = 1_000;
const PENDING_SHARE = 0.2;

/** Makes the record of a movie that is accepted now or comes from the ledger file. */
export class Acceptance {
  readonly #deps: AcceptanceDeps;

  constructor(deps: AcceptanceDeps) {
    this.#deps = deps;
  }

  accepted(submission: Submission): Movie {
    const { clock, random, store } = this.#deps;
    const { plan, submitted, rendered } = submission;
    const createdAtMs = clock.now();
    const fingerprint = this.#deps.cache.isOn ? movieFingerprint(rendered) : undefined;
    const cached = this.#cachedFile(rendered, fingerprint, createdAtMs);
    const times = cached === undefined ? this.#schedule(plan, createdAtMs) : atOnce(createdAtMs);
    const project = this.#newProject();
    const stem = this.#newStem(createdAtMs);
    return {
      ...this.#common(submission),
      ...times,
      ...unseen(),
      seq: store.nextSeq,
      project,
      createdAtMs,
      fingerprint,
      label: textOf(submitted['id']) ?? alphanumeric(random, 8),
      file: this.#file(cached, newFile(plan, stem, project)),
      isCached: cached !== undefined,
    };
  }

  /** Brings back the movie of an earlier run, without its end. */
  restored(entry: LedgerEntryOf<'accepted'>): Movie {
    const { store, renderers } = this.#deps;
    const { restore, project } = entry;
    const plan: RenderPlan = { ...restore.plan, failure: restore.plan.failure };
    const rendered = restore.rendered ?? restore.submitted;
    store.numberFrom(restore.seq - 1);
    const [startsAtMs, endsAtMs] = [Date.parse(restore.startsAt), Date.parse(restore.endsAt)];
    renderers.take(startsAtMs, endsAtMs - startsAtMs);
    const file = store.file(restore.stem) ?? newFile(plan, restore.stem, project);
    if (restore.madeAt !== undefined) file.madeAtMs = Date.parse(restore.madeAt);
    if (restore.expiresAt !== undefined) file.expiresAtMs = Date.parse(restore.expiresAt);
    return {
      ...this.#common({ submitted: restore.submitted, rendered, plan }),
      destinations: restore.destinations.map(destinationAgain),
      ...unseen(),
      seq: store.nextSeq,
      project,
      createdAtMs: Date.parse(entry.createdAt),
      startsAtMs,
      endsAtMs,
      fingerprint: restore.fingerprint,
      label: restore.label,
      file,
      isCached: restore.isCached,
    };
  }

  #common({ submitted, rendered, plan }: Submission) {
    const { connections, switches } = this.#deps;
    return {
      key: markedKey(submitted),
      json: JSON.stringify(submitted),
      clientData: clientDataOf(rendered),
      destinations: destinationsOf(rendered, connections, switches.current),
      plan,
    };
  }

  #cachedFile(rendered: JsonObject, fingerprint: string | undefined, nowMs: number): VideoFile | undefined {
    if (fingerprint === undefined || asksForFresh(rendered)) return undefined;
    return this.#deps.cache.video(fingerprint, nowMs);
  }

  /** Chooses the file: the sources disagree about the file of a cached movie, and about its life (C19). */
  #file(cached: VideoFile | undefined, own: VideoFile): VideoFile {
    const { clock, switches } = this.#deps;
    const { cachedUrl } = switches.current;
    if (cached === undefined) return own;
    if (cachedUrl === 'new') {
      return { ...own, madeAtMs: clock.now(), expiresAtMs: clock.now() + FILE_RETENTION_MS };
    }
    if (cachedUrl === 'near-expiry') cached.expiresAtMs = clock.now() + NEAR_EXPIRY_MS;
    return cached;
  }

  #schedule(plan: RenderPlan, createdAtMs: number): { startsAtMs: number; endsAtMs: number } {
    const { random, renderers, jitter } = this.#deps;
    const stray = jitter === 0 ? 1 : 1 + jitter * (2 * random() - 1);
    const wholeMs = plan.renderSeconds * 1000 * stray;
    const pendingMs = Math.min(PENDING_MS, wholeMs * PENDING_SHARE);
    const startsAtMs = renderers.take(createdAtMs + pendingMs, wholeMs - pendingMs);
    return { startsAtMs, endsAtMs: startsAtMs + wholeMs - pendingMs };
  }

  /** Draws an unused ID: with a fixed seed, a second run on one ledger file draws the first run's IDs again. */
  #newProject(): string {
    const { random, store } = this.#deps;
    for (;;) {
      const project = alphanumeric(random, 16);
      if (store.get(project) === undefined) return project;
    }
  }

  #newStem(createdAtMs: number): string {
    const { random, store } = this.#deps;
    for (;;) {
      const stem = `${new Date(createdAtMs).toISOString().slice(0, 10)}-${alphanumeric(random, 16, '0123456789abcdef')}`;
      if (store.file(stem) === undefined) return stem;
    }
  }
}

/** Reads a destination of the ledger: JSON has no undefined members. */
function destinationAgain(
  written: LedgerEntryOf<'accepted'>['restore']['destinations'][number],
): Destination {
  return 'endpoint' in written
    ? { ...written, contentType: written.contentType }
    : { ...written, problem: written.problem };
}

const atOnce = (nowMs: number): { startsAtMs: number; endsAtMs: number } => ({
  startsAtMs: nowMs,
  endsAtMs: nowMs,
});

function newFile(plan: RenderPlan, stem: string, project: string): VideoFile {
  const { width, height, durationSeconds, isBlack } = plan;
  const sizeBytes = videoSize(plan);
  const life = { madeAtMs: undefined, expiresAtMs: undefined, removedAtMs: undefined };
  return { stem, width, height, durationSeconds, isBlack, sizeBytes, project, ...life };
}

/** The state of a movie that was just accepted. */
const unseen = () => ({
  webhooks: [],
  polls: 0,
  assetCredits: 0,
  isCalledBackEarly: false,
  rendered: undefined,
  delivered: 0,
  isExported: false,
  end: undefined,
  deletedAtMs: undefined,
});
