import { ASSET_RETENTION_MS, MAX_CACHE_ENTRIES } from '../limits.js';
import type { VideoFile } from './movie.js';
import { isFileServed } from './timeline.js';

/** What earlier renders left behind: whole videos, scenes, and generated assets. */
export class RenderCache {
  readonly #isOn: boolean;
  readonly #videos = new Map<string, VideoFile>();
  /** Fingerprint and end of life, the fake's clock. */
  readonly #scenes = new Map<string, number>();
  readonly #assets = new Map<string, number>();

  constructor(isOn: boolean) {
    this.#isOn = isOn;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** A video that looks and sounds like this movie, and is still there. */
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

  keepVideo(fingerprint: string, file: VideoFile): void {
    if (this.#isOn) remember(this.#videos, fingerprint, file);
  }

  keepScene(fingerprint: string, nowMs: number): void {
    if (this.#isOn) remember(this.#scenes, fingerprint, nowMs + ASSET_RETENTION_MS);
  }

  keepAsset(fingerprint: string, nowMs: number): void {
    if (this.#isOn) remember(this.#assets, fingerprint, nowMs + ASSET_RETENTION_MS);
  }
}

function remember<V>(entries: Map<string, V>, key: string, value: V): void {
  // Set anew, so that the order of the map is that of use.
  entries.delete(key);
  entries.set(key, value);
  const [oldest] = entries.keys();
  if (entries.size > MAX_CACHE_ENTRIES && oldest !== undefined) entries.delete(oldest);
}
