import type { Client } from '@temporalio/client';
import type { EventSender } from '../events/sender.js';
import type { Json2Video } from '../json2video/client.js';
import type { VideoFiles } from '../json2video/video-files.js';
import type { VideoStore } from '../keep/video-store.js';
import type { Follow } from '../render/follow.js';
import type { CopyEnd } from '../render/kept.js';
import type { RenderIndex } from '../temporal/render-index.js';

/** The store of kept videos, and the file servers that they come from. */
interface Keeping {
  readonly store: VideoStore;
  readonly files: VideoFiles;
  /** Called at the end of each attempt to copy a video. */
  readonly onCopy?: ((end: CopyEnd) => void) | undefined;
}

/** Dependencies of the activities, which the worker passes in. */
export interface ActivityDependencies {
  readonly json2video: Json2Video;
  /** Returns the address to which the provider reports the end of a render; absent if there is no receiver. */
  readonly callbackUrl?: ((key: string, expiresAt: Date) => string) | undefined;
  /** What follows every render, unless its call says otherwise; nothing by default. */
  readonly follow?: Follow | undefined;
  /** Delivers events; absent without destinations. */
  readonly events?: EventSender | undefined;
  /** Spreads attempts over time; `Math.random` by default. */
  readonly random?: (() => number) | undefined;
  /** The budget of renders that name none; absent if they have none. */
  readonly budget?: string | undefined;
  /** Nothing is sent while the account has fewer credits. */
  readonly creditsFloor?: number | undefined;
  /** The engine was restored to its state at this ISO time: nothing is sent before a look from there. */
  readonly lookFrom?: string | undefined;
  /** Returns the engine's index of renders; `renderIndexOf` by default. */
  readonly indexOf?: ((client: Client) => RenderIndex) | undefined;
  /** Called with the time after which the provider's list showed a movie, in seconds; see `ListLag`. */
  readonly onListLag?: ((seconds: number) => void) | undefined;
  /** Where videos are kept, and where they come from; absent if this worker keeps none. */
  readonly keeping?: Keeping | undefined;
  /** Wall clock in epoch milliseconds. */
  readonly now: () => number;
  /** Monotonic clock in milliseconds, for deadlines within one process. */
  readonly monotonicNow: () => number;
}

/** Returns the member of a result that names what follows a render; empty if nothing does. */
export function followedBy({ follow }: ActivityDependencies): { readonly follow?: Follow } {
  return follow === undefined || (!follow.keep && follow.notify.length === 0) ? {} : { follow };
}
