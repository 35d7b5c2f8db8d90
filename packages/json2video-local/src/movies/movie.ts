import type { JsonObject } from '../json.js';
import type { FrameSize } from '../submission/frame-size.js';
import type { Destination, OtherDestination } from '../webhooks/destinations.js';
import { isWebhook } from '../webhooks/destinations.js';
import type { RenderPlan } from './render-plan.js';

/** One delivery attempt of a webhook. */
export interface WebhookRecord {
  readonly url: string;
  /** When it was sent, ISO 8601, the fake's clock. */
  readonly at: string;
  /** The receiver's HTTP status; null: no answer within the time limit, or no connection. */
  readonly status: number | null;
  /** Until the answer, or until there was none any more; real milliseconds. */
  readonly ms: number;
}

/** How a render ended. */
export interface MovieEnd {
  readonly atMs: number;
  readonly status: 'done' | 'error';
  readonly message: string;
  /** What the render itself was charged; its generated assets come on top. */
  readonly credits: number;
}

/** A rendered video. Several movies have one if the later ones came from the cache. */
export interface VideoFile extends FrameSize {
  /** File name without ending, unique per fake. */
  readonly stem: string;
  readonly durationSeconds: number;
  readonly sizeBytes: number;
  readonly isBlack: boolean;
  /** The project that it was made for. */
  readonly project: string;
  /** When it was there, and until when it is; the fake's clock. Undefined: not made yet. */
  madeAtMs: number | undefined;
  expiresAtMs: number | undefined;
  removedAtMs: number | undefined;
}

/** An accepted movie. Times are milliseconds since the epoch, by the fake's clock. */
export interface Movie {
  /** Order of acceptance, from 1. */
  readonly seq: number;
  readonly project: string;
  readonly key: string | undefined;
  readonly createdAtMs: number;
  /** When a renderer picks it up: until then it is `pending`. */
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** The body as submitted, serialised again. */
  readonly json: string;
  /** The movie's own `id`, or a random one: not the project. */
  readonly label: string;
  readonly clientData: JsonObject;
  readonly destinations: readonly Destination[];
  readonly plan: RenderPlan;
  /** Of the movie as it is rendered; undefined: it is not to be taken from the cache, nor kept there. */
  readonly fingerprint: string | undefined;
  readonly file: VideoFile;
  /** An earlier render's video, made again for nothing. */
  readonly isCached: boolean;
  readonly webhooks: WebhookRecord[];
  polls: number;
  /** Credits charged so far for assets that were generated for it. */
  assetCredits: number;
  /** Its callbacks went out before the submission was answered: the regular ones are not sent again. */
  isCalledBackEarly: boolean;
  /** Rendered, and waiting for its destinations (quirk `exportsPhase`). */
  isExporting: boolean;
  end: MovieEnd | undefined;
  deletedAtMs: number | undefined;
}

/** How a movie is named in every line of the ledger. */
export function nameOf(movie: Pick<Movie, 'project' | 'key'>): { project: string; key?: string } {
  return { project: movie.project, ...(movie.key === undefined ? {} : { key: movie.key }) };
}

/** The ledger's view of a movie: what is true, whatever fault rules make the API say. */
export interface FakeMovie {
  readonly project: string;
  readonly key?: string;
  readonly status: 'pending' | 'running' | 'done' | 'error';
  /** ISO 8601, the fake's clock. */
  readonly createdAt: string;
  /** Status calls answered for it. */
  readonly polls: number;
  /** Credits charged for it: the render, and the assets generated for it. */
  readonly credits: number;
  /** The part of `credits` that went to assets; left out when there is none. */
  readonly assetCredits?: number;
  /** Its video came from the cache; left out when it did not. */
  readonly cached?: true;
  /** Destinations other than webhooks, which are only pretended; left out when there are none. */
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
