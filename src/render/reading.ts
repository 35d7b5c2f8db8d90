import type { JsonObject } from '../text/json.js';

/** Facts about a finished video, from one status reply. */
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

/** Result of one status check of an accepted render. */
export type Reading =
  | {
      readonly says: 'rendering';
      readonly status: string;
      readonly progressPercent?: number;
      readonly message?: string;
    }
  /** `assetCredits`: the price of the generated assets, if the provider names it. */
  | { readonly says: 'done'; readonly video: Video; readonly assetCredits?: number }
  /** `done` without a URL: the file is gone, or not there yet. */
  | { readonly says: 'gone'; readonly message: string }
  | { readonly says: 'error'; readonly message: string }
  | { readonly says: 'timeout'; readonly message: string }
  /** The reply for an unknown project. It is a leaked error that may mean anything, so it counts only if it lasts. */
  | { readonly says: 'missing'; readonly message: string }
  /** No reply, or a reply that says nothing about the render. */
  | { readonly says: 'unreadable'; readonly message: string; readonly retryAfterMs?: number };

/** A reading without the video, which no description shows. */
type ReadingInWords = Exclude<Reading, { says: 'done' }> | { readonly says: 'done' };

/** Describes a reading in a few words, for the UI's list of pending activities and for `status`. */
export function describeReading(reading: ReadingInWords): string {
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

/** Result of checking a hint: a webhook delivery is only a hint, which a GET must confirm. */
export type HintResult =
  /** The provider reports the end of the render too. */
  | 'confirmed'
  /** The provider does not report the end yet. */
  | 'early'
  /** The provider's reply says nothing about the render. */
  | 'unanswered'
  /** The hint names a project that is not this render's. */
  | 'foreign';

/** Returns the result of a hint, from the GET that follows it. */
export function hintResult(reading: Reading | undefined): HintResult {
  switch (reading?.says) {
    case 'done':
    case 'error':
      return 'confirmed';
    case 'rendering':
    case 'timeout':
    case 'gone':
      return 'early';
    case 'missing':
    case 'unreadable':
    case undefined:
      return 'unanswered';
  }
}
