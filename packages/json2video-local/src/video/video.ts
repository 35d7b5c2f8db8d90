import { MAX_PICTURES } from '../limits.js';
import { BLACK, colourOf } from './colour.js';
import type { FlatPicture } from './h264.js';
import { firstPicture, pictureParameters, sequenceParameters, skippedPicture } from './h264.js';
import { mp4 } from './mp4.js';

export interface VideoRequest {
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
  /** Chooses the colour: the same seed gives the same bytes, another seed another picture of the same length. */
  readonly seed: string;
  /** Black instead. */
  readonly isBlack?: boolean;
}

/** A playable MP4: one flat picture, shown for the whole time, about one byte per 16x16 pixels. */
export function flatVideo(request: VideoRequest): Buffer {
  const { width, height } = request;
  const durationMs = Math.max(1, Math.round(request.durationSeconds * 1000));
  const pictureMs = 1000 * Math.ceil(durationMs / 1000 / MAX_PICTURES);
  const colour = request.isBlack === true ? BLACK : colourOf(request.seed);
  const picture: FlatPicture = { width, height, colour };
  const repeats = Math.ceil(durationMs / pictureMs) - 1;
  const skipped = Array.from({ length: repeats }, (_, index) => skippedPicture(picture, index + 1));
  return mp4({
    width,
    height,
    durationMs,
    pictureMs,
    pictures: [firstPicture(picture), ...skipped],
    sps: sequenceParameters(picture),
    pps: pictureParameters(),
  });
}
