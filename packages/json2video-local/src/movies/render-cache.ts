import type { Movie, VideoFile } from './movie.js';
import { isFileServed } from './timeline.js';

/** Life of a rendered file after the end of its render, milliseconds of the server's clock. */
export const FILE_RETENTION_MS = 7 * 24 * 3_600_000;

/** Life of generated assets and rendered scenes in the cache, milliseconds of the server's clock. */
const ASSET_RETENTION_MS = 3 * 24 * 3_600_000;

/** Entries in each level of the cache; the oldest goes first. */
const MAX_CACHE_ENTRIES = 20_000;

/** Results of earlier renders: whole videos, scenes and generated assets. */
export class RenderCache {
  readonly #isOn: boolean;
  readonly #videos = new Map<string, VideoFile>();
  /** End of life by fingerprint, the server's clock. */
  readonly #scenes = new Map<string, number>();
  readonly #assets = new Map<string, number>();

  constructor(isOn: boolean) {
    this.#isOn = isOn;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Returns a video with the picture and sound of this movie, if its file is still there. */
  video(fingerprint: string, nowMs: number): VideoFile | undefined {
    const file = this.#videos.get(fingerprint);
    return file !== undefined && isFileServed(file, nowMs) ? file : undefined;
  }

  hasScene(fingerprint: string, nowMs: number): boolean {
    return (this.#scenes.get(fingerprint) ?? 0) > nowMs;
  }

  hasAsset(fingerprint: string, nowMs: number): boolean {
    return (this.#assets.get(fingerprint) ?? 0) > nowMs;
  }

  /** Makes the file of a rendered movie available, and keeps its parts. */
  keepRender({ file, fingerprint, plan }: Movie, nowMs: number): void {
    file.madeAtMs ??= nowMs;
    file.expiresAtMs ??= nowMs + FILE_RETENTION_MS;
    if (!this.#isOn) return;
    if (fingerprint !== undefined) remember(this.#videos, fingerprint, file);
    for (const scene of plan.scenes) remember(this.#scenes, scene, nowMs + ASSET_RETENTION_MS);
  }

  keepAsset(fingerprint: string, nowMs: number): void {
    if (this.#isOn) remember(this.#assets, fingerprint, nowMs + ASSET_RETENTION_MS);
  }
}

function remember<V>(entries: Map<string, V>, key: string, value: V): void {
  // Set anew, so that the map is in the order of use.
  entries.delete(key);
  entries.set(key, value);
  const [oldest] = entries.keys();
  if (entries.size > MAX_CACHE_ENTRIES && oldest !== undefined) entries.delete(oldest);
}
