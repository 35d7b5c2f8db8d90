import { pathIn, type VideoStore } from '../keep/video-store.js';
import { ConfigInvalid, OptionsInvalid } from '../render/errors.js';
import type { KeptVideo } from '../render/kept.js';

/** S3 signs links for at most seven days. */
const LINK_SECONDS = { min: 1, max: 604_800, default: 3_600 } as const;

/** Returns the lasting link of a copy, else a signed one. */
export async function linkTo(
  kept: KeptVideo,
  store: VideoStore | undefined,
  seconds: number = LINK_SECONDS.default,
): Promise<string> {
  const { min, max } = LINK_SECONDS;
  if (!Number.isInteger(seconds) || seconds < min || seconds > max) {
    throw new OptionsInvalid(`seconds is ${seconds}, and must be a whole number from ${min} to ${max}`);
  }
  if (kept.url !== undefined) return kept.url;
  if (store === undefined) {
    throw new ConfigInvalid(
      `the copy ${kept.store} has no lasting link, and this process knows no store that signs one`,
      'Pass the store as option keep of Renders (openVideoStore), or set RENDERONCE_KEEP as on the workers.',
    );
  }
  const path = pathIn(store, kept.store);
  if (path === undefined) {
    throw new ConfigInvalid(
      `the copy is ${kept.store}, and this process knows the store ${store.address} only`,
      'Use the same RENDERONCE_KEEP in all processes.',
    );
  }
  if (store.signedUrl === undefined) {
    throw new ConfigInvalid(
      `the copy ${kept.store} lies in a folder, for which nobody signs links`,
      'Set RENDERONCE_KEEP_PUBLIC_URL to the address under which the folder is served, or use GET /v1/renders/{key}/video of `renderonce server`.',
    );
  }
  return store.signedUrl(path, seconds);
}
