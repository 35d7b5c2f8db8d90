/** Argument of activity `keepVideo`. */
export interface KeepVideoRequest {
  readonly key: string;
  readonly project: string;
  /** The provider's address of the file. */
  readonly url: string;
  /** Size that the provider named; null if it named none. */
  readonly sizeBytes: number | null;
  /** ISO time at which the provider deletes the file; null if unknown. */
  readonly expiresAt: string | null;
}

/** A copy of a video in the user's own store. */
export interface KeptVideo {
  readonly project: string;
  /** Address of the object: `s3://bucket/….mp4` or `file:///….mp4`. */
  readonly store: string;
  /** Lasting link, if the store has one. Never a signed one. */
  readonly url?: string;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly keptAt: string;
}

/** Type of the failure by which `keepVideo` reports that the video can never be kept. */
export const VIDEO_LOST = 'VideoLost';

/** State of the copy of one video. */
export type Keeping =
  | { readonly state: 'none' | 'keeping' }
  | { readonly state: 'kept'; readonly kept: KeptVideo }
  | { readonly state: 'lost'; readonly message: string };

/** End of one attempt to copy a video: the copy is there, or it is tried again, or it can never be made. */
export type CopyEnd = 'kept' | 'failed' | 'lost';
