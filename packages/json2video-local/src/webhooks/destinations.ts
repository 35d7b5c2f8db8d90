import type { JsonObject } from '../json.js';
import { objectsOf, textOf } from '../json.js';
import type { Switches } from '../switches.js';

/** A destination saved in the dashboard, which movies name by its ID: the fields of an inline one, and headers. */
export interface FakeConnection {
  readonly type: 'webhook' | 'ftp' | 'sftp' | 'email';
  readonly endpoint?: string;
  readonly 'content-type'?: string;
  /** Sent with every callback: the only authentication that the provider offers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Any other field of the destination. */
  readonly [field: string]: unknown;
}

export interface WebhookDestination {
  readonly type: 'webhook';
  readonly endpoint: string;
  /** As written in the movie: both short and full MIME forms occur. */
  readonly contentType: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** A destination that is only checked, or cannot be used at all. */
export interface OtherDestination {
  readonly type: string;
  readonly problem: string | undefined;
}

export type Destination = WebhookDestination | OtherDestination;

export const isWebhook = (destination: Destination): destination is WebhookDestination =>
  'endpoint' in destination;

const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  webhook: ['endpoint'],
  ftp: ['host', 'username', 'password'],
  sftp: ['host', 'username', 'password'],
  email: ['to', 'subject', 'message'],
};

/** Returns the destinations in the order in which they run after the render. */
export function destinationsOf(
  movie: JsonObject,
  connections: Readonly<Record<string, FakeConnection>>,
  switches: Switches,
): Destination[] {
  const items = objectsOf(movie['exports']);
  return (switches.severalExports === 'first' ? items.slice(0, 1) : items)
    .flatMap((item) => objectsOf(item['destinations']))
    .map((written) => destinationOf(written, connections));
}

function destinationOf(
  written: JsonObject,
  connections: Readonly<Record<string, FakeConnection>>,
): Destination {
  const id = textOf(written['id']);
  const saved = id !== undefined && Object.hasOwn(connections, id) ? connections[id] : undefined;
  // A field of the movie wins over the saved one.
  const destination: JsonObject = { ...saved, ...written };
  const type = textOf(destination['type']) ?? 'unknown';
  const unknownId = id !== undefined && saved === undefined && destination['type'] === undefined;
  if (unknownId) return { type, problem: `There is no connection "${id}"` };
  const lacking = REQUIRED[type]?.find((name) => textOf(destination[name]) === undefined);
  if (lacking !== undefined) return { type, problem: `"${lacking}" is required` };
  if (REQUIRED[type] === undefined) return { type, problem: 'Unknown type of destination' };
  const endpoint = textOf(destination['endpoint']);
  if (type !== 'webhook' || endpoint === undefined) return { type, problem: undefined };
  const contentType = textOf(destination['content-type']);
  return { type, endpoint, contentType, headers: saved?.headers ?? {} };
}
