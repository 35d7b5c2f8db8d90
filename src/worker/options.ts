import type { DataConverter } from '@temporalio/common';
import type { NativeConnectionOptions } from '@temporalio/worker';
import type { EventSettings } from '../events/destinations.js';
import type { VideoStore } from '../keep/video-store.js';

/** Options of a worker: an engine, an account at the provider, and perhaps the address of a receiver. */
export interface RenderWorkerOptions {
  readonly connectionOptions: NativeConnectionOptions;
  readonly namespace: string;
  /** The task queue of the starters; `renderonce` by default. */
  readonly taskQueue?: string;
  /** The data converter of the starters' clients; its codecs also encode the messages of failures. */
  readonly dataConverter?: DataConverter;
  readonly json2video: { readonly url: string; readonly apiKey: string };
  /**
   * Most provider requests a second, of all workers of the task queue together: the engine hands out its tasks no faster,
   * half of them for submissions. Use one value on all workers: the engine applies the latest one. Unlimited by default.
   */
  readonly providerRequestsPerSecond?: number | undefined;
  /** Makes the address to which the provider reports the end of a render; without it the worker polls only. */
  readonly callbackUrl?: ((key: string, expiresAt: Date) => string) | undefined;
  /**
   * The engine was restored to its state at this ISO time: nothing is sent before a look in the provider's list from there.
   */
  readonly lookFrom?: string | undefined;
  /** Destinations of events; without them nobody is told of the end of a render. */
  readonly events?: EventSettings | undefined;
  /** The budget of renders that name none; such renders have none by default. */
  readonly budget?: string | undefined;
  /** Nothing is sent while the account has fewer credits than this; unlimited by default. */
  readonly creditsFloor?: number | undefined;
  /** The store into which videos are copied, from `openVideoStore`; without it none are kept. The caller closes it. */
  readonly keep?: VideoStore | undefined;
  /** Hosts of the provider's files, besides those that are known. */
  readonly keepHosts?: readonly string[] | undefined;
  /**
   * Makes the worker a versioned one of this Worker Deployment, with versioning behavior AUTO_UPGRADE: it gets tasks only
   * while its version is current or ramping, and a render goes on under the version that is current at its next step.
   * Without it the worker has no version, and gets no task as soon as its task queue belongs to a deployment with a
   * current version (docs/deploy/rolling.md). The build ID is the package's version with a hash of the workflows by default.
   */
  readonly deployment?: { readonly name: string; readonly buildId?: string | undefined } | undefined;
  /** Makes spans of activities and of requests to the provider; needs the optional peer `@opentelemetry/api`. */
  readonly tracing?: boolean;
  /**
   * Keeps the stacks of workflow code, for the Temporal UI's "Stack Trace" tab and for failures of workflow tasks. Costs
   * a sixth more processor time, and a bundling at the start.
   */
  readonly stackTraces?: boolean;
}
