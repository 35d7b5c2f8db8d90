import type { JsonObject } from '../json.js';
import type { FrameSize } from '../submission/frame-size.js';
import type { Destination, OtherDestination } from '../webhooks/destinations.js';
import { isWebhook } from '../webhooks/destinations.js';
import type { RenderPlan } from './render-plan.js';

/** One delivery attempt of a webhook. */
export interface WebhookRecord {
  readonly url: string;
  /** Time of sending, ISO 8601, the server's clock. */
  readonly at: string;
  /** The receiver's HTTP status; null without an answer in time, or without a connection. */
  readonly status: number | null;
  /** Time until the answer, or until the attempt was given up; real milliseconds. */
  readonly ms: number;
}

/** The end of a render. */
export interface MovieEnd {
  readonly atMs: number;
  readonly status: 'done' | 'error';
  readonly message: string;
  /** Charged for the render itself; its generated assets come on top. */
  readonly credits: number;
}

/** A rendered video. Several movies have one if the later ones came from the cache. */
export interface VideoFile extends FrameSize {
  /** File name without ending, unique on this server. */
  readonly stem: string;
  readonly durationSeconds: number;
  readonly sizeBytes: number;
  readonly isBlack: boolean;
  /** The project that made it. */
  readonly project: string;
  /** Begin and end of its life, the server's clock; undefined before it is made. */
  madeAtMs: number | undefined;
  expiresAtMs: number | undefined;
  removedAtMs: number | undefined;
}

/** An accepted movie. Times are milliseconds since the epoch, by the server's clock. */
export interface Movie {
  /** Order of acceptance, from 1. */
  readonly seq: number;
  readonly project: string;
  readonly key: string | undefined;
  readonly createdAtMs: number;
  /** Start of the render; the movie is `pending` before it. */
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** The body as submitted, serialised again. */
  readonly json: string;
  /** The movie's own `id`, or a random one: not the project. */
  readonly label: string;
  readonly clientData: JsonObject;
  readonly destinations: readonly Destination[];
  readonly plan: RenderPlan;
  /** Of the rendered movie; undefined if the cache is off. */
  readonly fingerprint: string | undefined;
  readonly file: VideoFile;
  /** True if its video came from an earlier render. */
  readonly isCached: boolean;
  readonly webhooks: WebhookRecord[];
  polls: number;
  /** Credits charged so far for assets that were generated for it. */
  assetCredits: number;
  /** True if its callbacks went out before the submission was answered; they are not sent again. */
  isCalledBackEarly: boolean;
  /** The end that awaits it while it is rendered, charged and waits for its destinations (switch `exportsPhase`). */
  rendered: MovieEnd | undefined;
  /** Callbacks of its end that are over, delivered or not. */
  delivered: number;
  /** True if no callback of its end is due any more. */
  isExported: boolean;
  end: MovieEnd | undefined;
  deletedAtMs: number | undefined;
}

/** Returns the name of a movie in the lines of the ledger. */
export function nameOf(movie: Pick<Movie, 'project' | 'key'>): { project: string; key?: string } {
  return { project: movie.project, ...(movie.key === undefined ? {} : { key: movie.key }) };
}

/** The ledger's view of a movie: the truth, also while fault rules make the API say something else. */
export interface FakeMovie {
  readonly project: string;
  readonly key?: string;
  readonly status: 'pending' | 'running' | 'done' | 'error';
  /** ISO 8601, the server's clock. */
  readonly createdAt: string;
  /** Number of status calls that were answered for it. */
  readonly polls: number;
  /** Credits charged for it: for the render and for its generated assets. */
  readonly credits: number;
  /** The part of `credits` for assets; left out if there is none. */
  readonly assetCredits?: number;
  /** True if its video came from the cache; left out otherwise. */
  readonly cached?: true;
  /** Destinations other than webhooks, which are only checked; left out if there are none. */
  readonly exports?: readonly OtherDestination[];
  readonly webhooks: readonly WebhookRecord[];
}

export function ledgerView(movie: Movie, nowMs: number): FakeMovie {
  const pretended = movie.destinations.flatMap((each) => (isWebhook(each) ? [] : [each]));
  return {
    ...nameOf(movie),
    status: movie.end?.status ?? (nowMs < movie.startsAtMs ? 'pending' : 'running'),
    createdAt: new Date(movie.createdAtMs).toISOString(),
    polls: movie.polls,
    credits: (movie.end?.credits ?? 0) + movie.assetCredits,
    ...(movie.assetCredits === 0 ? {} : { assetCredits: movie.assetCredits }),
    ...(movie.isCached ? { cached: true } : {}),
    ...(pretended.length === 0 ? {} : { exports: pretended }),
    webhooks: [...movie.webhooks],
  };
}
