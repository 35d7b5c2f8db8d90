import { readConfig } from '../config.js';
import { openVideoStore } from '../keep/open-store.js';
import type { VideoStore } from '../keep/video-store.js';

/** Opens the store that `RENDERONCE_KEEP` names; returns nothing if it is not set. The caller closes it. */
export async function keepStore({ keep } = readConfig(process.env)): Promise<VideoStore | undefined> {
  return keep.store === undefined ? undefined : openVideoStore(keep.store);
}
