import type { JsonObject } from './json.js';
import type { RenderPlan } from './render-plan.js';
import type { WebhookDestination } from './submitted-movie.js';

/** One delivery attempt of a webhook. */
export interface WebhookRecord {
  readonly url: string;
  /** When it was sent, ISO 8601, the fake's clock. */
  readonly at: string;
  /** The receiver's HTTP status; null: no answer within the time limit, or no connection. */
  readonly status: number | null;
}

/** How a render ended. */
export interface MovieEnd {
  readonly atMs: number;
  readonly status: 'done' | 'error';
  readonly message: string;
  readonly credits: number;
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
  readonly destinations: readonly WebhookDestination[];
  readonly plan: RenderPlan;
  /** File name without ending, unique per fake. */
  readonly stem: string;
  /** Length of the MP4, bytes. */
  readonly sizeBytes: number;
  readonly webhooks: WebhookRecord[];
  polls: number;
  end: MovieEnd | undefined;
  deletedAtMs: number | undefined;
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
  /** Credits charged for it. */
  readonly credits: number;
  readonly webhooks: readonly WebhookRecord[];
}

export function ledgerView(movie: Movie, nowMs: number): FakeMovie {
  return {
    project: movie.project,
    ...(movie.key === undefined ? {} : { key: movie.key }),
    status: movie.end?.status ?? (nowMs < movie.startsAtMs ? 'pending' : 'running'),
    createdAt: new Date(movie.createdAtMs).toISOString(),
    polls: movie.polls,
    credits: movie.end?.credits ?? 0,
    webhooks: [...movie.webhooks],
  };
}
