import {
  ActivityFailure,
  condition,
  defineQuery,
  isCancellation,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { followDetailsOf } from '../render/details.js';
import { type AfterRequest, announcement, endEvent } from '../render/event.js';
import type { Keeping, KeptVideo } from '../render/kept.js';
import { expiryOf, type RenderedMovie } from '../render/outcome.js';
import type { Video } from '../render/reading.js';
import { messageOf } from '../text/text.js';
import { DAY_MS, isoOf } from '../text/time.js';
import { Deliveries } from './deliveries.js';
import { ATTRIBUTES, checksQueueOf, keepQueueOf } from './messages.js';
import { metrics } from './run-metrics.js';
import { settleRun } from './settle-run.js';

/** Query of `afterRender` for the copy of the video. */
const keptVideoQuery = defineQuery<Keeping>('keptVideo');

/** The event of a video waits so long for the copy. */
const COPY_PATIENCE_MS = 600_000;

/** The provider deletes files seven days after the end of their render. */
const FILE_LIFE_MS = 7 * DAY_MS;

/**
 * Keeps the video of an ended render and reports the end. A video that comes after a render timed out is kept and reported
 * too. Fails if an event could not be delivered; its ID may then be started again.
 *
 * @returns the copy, if one was made
 */
export async function afterRender(request: AfterRequest): Promise<KeptVideo | null> {
  return new After(request).run();
}

class After {
  readonly #request: AfterRequest;
  readonly #deliveries: Deliveries;
  #keeping: Keeping = { state: 'none' };

  constructor(request: AfterRequest) {
    this.#request = request;
    this.#deliveries = new Deliveries(request.follow.notify, () => this.#show());
    setHandler(keptVideoQuery, () => this.#keeping);
  }

  async run(): Promise<KeptVideo | null> {
    const { end, settlement, follow } = this.#request;
    const settling = settlement === undefined ? undefined : settleRun(settlement);
    if (end.status === 'done') {
      await this.#reportVideo(end, false);
    } else {
      this.#deliveries.send(endEvent(this.#request));
      const isWanted = follow.keep || this.#deliveries.isWanted;
      if (end.status === 'timed-out' && isWanted) await this.#awaitLate(end.project);
    }
    await settling;
    await this.#deliveries.ended();
    return this.#keeping.state === 'kept' ? this.#keeping.kept : null;
  }

  /** Keeps the video and reports it, with its copy if that is made in time. */
  async #reportVideo(video: RenderedMovie, isLate: boolean): Promise<void> {
    const copying = this.#request.follow.keep ? this.#keep(video) : undefined;
    if (copying !== undefined && this.#deliveries.isWanted) {
      await condition(() => this.#keeping.state !== 'keeping', COPY_PATIENCE_MS);
    }
    const early = this.#kept;
    const endedAt = isLate ? isoOf(Date.now()) : this.#request.endedAt;
    const more = {
      ...(early === undefined ? {} : { kept: early }),
      ...(isLate ? { late: true as const } : {}),
    };
    this.#deliveries.send(endEvent({ ...this.#request, end: video, endedAt }, more));
    await copying;
    const kept = this.#kept;
    if (early !== undefined || kept === undefined) return;
    const { key, firstRunId } = this.#request;
    const { project } = video;
    this.#deliveries.send(
      announcement('render.kept', { key, firstRunId, at: kept.keptAt }, { key, project, kept }),
    );
  }

  get #kept(): KeptVideo | undefined {
    return this.#keeping.state === 'kept' ? this.#keeping.kept : undefined;
  }

  #show(): void {
    setCurrentDetails(followDetailsOf({ copy: this.#keeping, events: this.#deliveries.states }));
  }

  /** Copies the video. Never throws: a video that cannot be kept is a state. */
  async #keep({ project, url, sizeBytes, expiresAt }: RenderedMovie): Promise<void> {
    this.#keeping = { state: 'keeping' };
    this.#show();
    const untilMs = expiresAt === null ? Date.now() + FILE_LIFE_MS : Date.parse(expiresAt);
    const { keepVideo } = proxyActivities<Activities>({
      taskQueue: keepQueueOf(workflowInfo().taskQueue),
      startToCloseTimeout: '6 hours',
      scheduleToCloseTimeout: Math.max(60_000, untilMs - Date.now()),
      heartbeatTimeout: '1 minute',
      retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '10 minutes' },
      summary: `Keep a copy of the video of project ${project}`,
    });
    try {
      const { key } = this.#request;
      this.#keeping = { state: 'kept', kept: await keepVideo({ key, project, url, sizeBytes, expiresAt }) };
      metrics.kept('kept');
    } catch (error) {
      if (isCancellation(error)) throw error;
      const message = messageOf(error instanceof ActivityFailure ? (error.cause ?? error) : error);
      this.#keeping = { state: 'lost', message };
      metrics.kept('lost');
      log.error('the video is lost', { project, error: message });
    }
    this.#show();
    upsertSearchAttributes([{ key: ATTRIBUTES.kept, value: this.#keeping.state }]);
  }

  /** Asks for the video of a render that timed out, once an hour for as long as the provider would keep it. */
  async #awaitLate(project: string): Promise<void> {
    const { end, account } = this.#request;
    if (end.status !== 'timed-out') return;
    const { awaitLate } = proxyActivities<Activities>({
      taskQueue: checksQueueOf(workflowInfo().taskQueue),
      startToCloseTimeout: '40s',
      scheduleToCloseTimeout: FILE_LIFE_MS,
      retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '1 hour' },
      summary: `Ask for the video of project ${project}, once an hour for seven days`,
    });
    const { video } = await awaitLate({ project, account }).catch((error: unknown): { video?: Video } => {
      if (isCancellation(error)) throw error;
      return {};
    });
    if (video === undefined) return;
    const { message: _, ...head } = end;
    await this.#reportVideo({ ...head, ...video, status: 'done', expiresAt: expiryOf(video.endedAt) }, true);
  }
}
