import type { Renders } from '../starter.js';
import { type EngineView, withOutcome } from './views.js';

/** A listener of one key. */
interface Listener {
  /** Called with the newest view at once if it is known, and after each change. */
  onView(view: EngineView): void;
  /** Called after the view of the closed render, or with the error that ended the watch. */
  onEnd(error?: unknown): void;
}

interface Watch {
  readonly listeners: Set<Listener>;
  readonly stop: AbortController;
  newest?: EngineView;
}

/**
 * Watches keys for any number of listeners with one loop a key, which asks the engine once a second. There are at most as
 * many loops as open connections.
 */
export class SharedWatches {
  readonly #renders: Renders;
  readonly #watches = new Map<string, Watch>();

  constructor(renders: Renders) {
    this.#renders = renders;
  }

  /** Adds a listener; the returned function removes it. */
  add(key: string, listener: Listener): () => void {
    const watch = this.#watches.get(key) ?? this.#start(key);
    watch.listeners.add(listener);
    if (watch.newest !== undefined) listener.onView(watch.newest);
    return () => {
      watch.listeners.delete(listener);
      if (watch.listeners.size === 0) this.#end(key, watch);
    };
  }

  /**
   * Waits for the end of a render, and returns its newest view when the time is up. Waits longer for the first view.
   * Throws as `renders.status` does, and the reason of the signal.
   */
  async untilEnd(key: string, waitMs: number, signal: AbortSignal): Promise<EngineView> {
    signal.throwIfAborted();
    let finish: (() => void) | undefined;
    try {
      return await new Promise<EngineView>((resolve, reject) => {
        let newest: EngineView | undefined;
        let isLate = false;
        const timer = setTimeout(() => {
          isLate = true;
          if (newest !== undefined) resolve(newest);
        }, waitMs);
        const abort = (): void => reject(asError(signal.reason));
        signal.addEventListener('abort', abort, { once: true });
        const onView = (view: EngineView): void => {
          newest = view;
          if (isLate || view.closedAt !== undefined) resolve(view);
        };
        const remove = this.add(key, { onView, onEnd: (error) => reject(asError(error)) });
        finish = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          remove();
        };
      });
    } finally {
      finish?.();
    }
  }

  #start(key: string): Watch {
    const watch: Watch = { listeners: new Set(), stop: new AbortController() };
    this.#watches.set(key, watch);
    void this.#run(key, watch);
    return watch;
  }

  async #run(key: string, watch: Watch): Promise<void> {
    const { listeners, stop } = watch;
    let ended: unknown;
    try {
      for await (const status of this.#renders.watch(key, stop)) {
        const view = await withOutcome(this.#renders, status, stop);
        watch.newest = view;
        for (const listener of listeners) listener.onView(view);
      }
    } catch (error) {
      ended = error;
    }
    this.#end(key, watch);
    for (const listener of listeners) listener.onEnd(ended);
  }

  #end(key: string, watch: Watch): void {
    watch.stop.abort();
    if (this.#watches.get(key) === watch) this.#watches.delete(key);
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
