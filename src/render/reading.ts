import type { JsonObject } from '../text/json.js';

/** A finished video's facts, as one status reply told them. */
export interface Video {
  readonly url: string;
  readonly subtitlesUrl?: string;
  readonly durationSeconds: number | null;
  readonly sizeBytes: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly renderingSeconds?: number;
  readonly createdAt: string | null;
  readonly endedAt: string | null;
  /** The caller's own `client-data`, without our mark. */
  readonly clientData: JsonObject;
}

/** What one status check told about an accepted render. */
export type Reading =
  | {
      readonly says: 'rendering';
      readonly status: string;
      readonly progressPercent?: number;
      readonly message?: string;
    }
  | { readonly says: 'done'; readonly video: Video }
  /** `done`, but without a URL: the file is gone, or not there yet. */
  | { readonly says: 'gone'; readonly message: string }
  | { readonly says: 'error'; readonly message: string }
  | { readonly says: 'timeout'; readonly message: string }
  /** The reply that an unknown project gets; it may mean anything, so it counts only when it lasts. */
  | { readonly says: 'missing'; readonly message: string }
  /** No reply, or one that says nothing about the render. */
  | { readonly says: 'unreadable'; readonly message: string; readonly retryAfterMs?: number };

/** A reading in a few words, for the UI's list of pending activities and for `status`. */
export function describeReading(reading: Reading): string {
  switch (reading.says) {
    case 'rendering': {
      const progress =
        reading.progressPercent === undefined ? '' : ` ${Math.round(reading.progressPercent)} %`;
      return `${reading.status}${progress}${reading.message === undefined ? '' : `: ${reading.message}`}`;
    }
    case 'done':
      return 'done';
    case 'gone':
      return 'done, but without a file';
    case 'error':
    case 'timeout':
      return `${reading.says}: ${reading.message}`;
    case 'missing':
      return `unknown to the provider: ${reading.message}`;
    case 'unreadable':
      return `no status: ${reading.message}`;
  }
}
