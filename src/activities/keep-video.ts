import type { KeepVideoRequest, KeptVideo } from '../render/kept.js';
import { stillWaiting } from './still-waiting.js';

/** Pause until another worker, or this one with other settings, may take a copy. */
const PAUSE_MS = 60_000;

/** Creates the activity that keeps a copy of a video. */
export function createKeepVideo() {
  return async function keepVideo(_request: KeepVideoRequest): Promise<KeptVideo> {
    throw stillWaiting('RENDERONCE_KEEP is not set on this worker', PAUSE_MS);
  };
}
