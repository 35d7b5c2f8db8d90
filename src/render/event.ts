import type { Settlement } from './budget.js';
import type { Decision } from './decision.js';
import type { Follow, NotifyTarget } from './follow.js';
import type { KeptVideo } from './kept.js';
import type { RenderedMovie, UnfinishedOutcome } from './outcome.js';
import type { RejectionCode } from './submission.js';

/** End of a render of which nothing was accepted, or a key that waits for a person. */
interface Unaccepted {
  readonly key: string;
  readonly status: 'cancelled' | 'rejected' | 'abandoned' | 'held';
  readonly message: string;
  readonly fingerprint: string;
  readonly httpStatus?: number;
  /** Why the movie was rejected before it was sent, if a budget did it. */
  readonly code?: RejectionCode;
  /** Project of another movie that the provider holds under the key. */
  readonly project?: string;
  readonly decisions?: readonly Decision[];
}

/** A video as an event reports it. */
interface DoneData extends Omit<RenderedMovie, 'caller'> {
  /** The copy, if it was made before the event was sent. */
  readonly kept?: KeptVideo;
  /** True if the video came after the render had ended as `timed-out`. */
  readonly late?: true;
}

type Unfinished<Status extends string> = Omit<UnfinishedOutcome, 'caller' | 'status'> & {
  readonly status: Status;
};
type NotAccepted<Status extends string> = Omit<Unaccepted, 'status'> & { readonly status: Status };

/** Facts about a budget that has reached a limit. */
export interface BudgetData {
  readonly budget: string;
  /** Begin of the window; absent for a budget without windows. */
  readonly window?: string;
  /** Whole credits of one window. */
  readonly limit: number;
  readonly left: number;
}

/** Data by type of event. */
export interface EventData {
  readonly 'render.done': DoneData;
  readonly 'render.failed': Unfinished<'failed'>;
  readonly 'render.timed_out': Unfinished<'timed-out'>;
  readonly 'render.cancelled': Unfinished<'cancelled'> | NotAccepted<'cancelled'>;
  readonly 'render.rejected': NotAccepted<'rejected'>;
  readonly 'render.abandoned': NotAccepted<'abandoned'>;
  readonly 'render.held': NotAccepted<'held'>;
  readonly 'render.kept': { readonly key: string; readonly project: string; readonly kept: KeptVideo };
  readonly 'budget.soft_exceeded': BudgetData;
  readonly 'budget.exceeded': BudgetData;
}

/** Types of events. */
export type EventType = keyof EventData;

export const EVENT_TYPES: readonly EventType[] = [
  'render.done',
  'render.failed',
  'render.timed_out',
  'render.cancelled',
  'render.rejected',
  'render.abandoned',
  'render.held',
  'render.kept',
  'budget.soft_exceeded',
  'budget.exceeded',
];

/** An event that is sent to one or more receivers. Its ID follows from type and subject, so that it never changes. */
export interface Announcement {
  readonly type: EventType;
  /** ISO time of what it reports. */
  readonly timestamp: string;
  /** The key and the first run of the render; for a budget its name and its window. */
  readonly subject: readonly [string, string];
  /** Of the type's `EventData`. */
  readonly data: object;
  /** True to send nothing if the destination is not known. */
  readonly isOptional?: boolean;
}

/** Argument of activity `sendEvent`. */
export interface SendEventRequest extends Announcement {
  readonly to: NotifyTarget;
}

/** Result of activity `sendEvent`. */
export interface SentEvent {
  /** The event's ID, header `webhook-id`. */
  readonly id: string;
  /** The receiver's answer; absent if the destination does not want this type. */
  readonly status?: number;
  readonly attempts: number;
}

/** Type of the failure with which `sendEvent` gives up. */
export const EVENT_UNDELIVERED = 'EventUndelivered';

/** Argument of workflow `announce`. */
export interface AnnounceRequest {
  readonly event: Announcement;
  readonly notify: readonly NotifyTarget[];
}

/** Argument of workflow `afterRender`. */
export interface AfterRequest {
  readonly key: string;
  readonly firstRunId: string;
  /** ISO time of the end. */
  readonly endedAt: string;
  readonly end: AfterEnd;
  readonly follow: Follow;
  /** The account that holds the project, if one was accepted. */
  readonly account?: string | undefined;
  /** What the budget of the run must know, if it has one. */
  readonly settlement?: Settlement | undefined;
}

/** The end of a run, as an event reports it. */
export type AfterEnd = RenderedMovie | UnfinishedOutcome | Unaccepted;

/** Memo of a workflow that sends events, for lists. */
export interface EventMemo {
  /** The key of the render, or the name of the budget. */
  readonly key: string;
  /** The event; if several are sent, the first. */
  readonly type: EventType;
  /** True if it sends no event: it keeps or settles only. */
  readonly isSilent?: true;
}

/** Types of events by the end of a render. */
const TYPES = {
  done: 'render.done',
  failed: 'render.failed',
  'timed-out': 'render.timed_out',
  cancelled: 'render.cancelled',
  rejected: 'render.rejected',
  abandoned: 'render.abandoned',
  held: 'render.held',
} as const satisfies Record<AfterEnd['status'], EventType>;

/** Returns the event that reports the end of a run. */
export function endEvent(
  { key, firstRunId, endedAt, end }: Pick<AfterRequest, 'key' | 'firstRunId' | 'endedAt' | 'end'>,
  more: Pick<DoneData, 'kept' | 'late'> = {},
): Announcement {
  // The token of the call that started the run is no business of receivers.
  const { caller: _, ...data } = { caller: '', ...end };
  return announcement(TYPES[end.status], { key, firstRunId, at: endedAt }, { ...data, ...more });
}

/** Returns an event about a render. */
export function announcement(
  type: EventType,
  { key, firstRunId, at }: { readonly key: string; readonly firstRunId: string; readonly at: string },
  data: object,
): Announcement {
  return { type, timestamp: at, subject: [key, firstRunId], data };
}

/** Returns the ID of the workflow that follows a run; the engine allows one such at a time, and none after a success. */
export function afterId(key: string, firstRunId: string): string {
  return `renderonce.after:${key}:${firstRunId}`;
}

/** Returns the ID of the workflow that reports a held key, once for all holds of a chain of runs. */
export function heldId(key: string, firstRunId: string): string {
  return `renderonce.held:${key}:${firstRunId}`;
}

/** Returns the ID of the workflow that reports a window of a budget; with empty window and type, the begin of all such IDs. */
export function budgetEventId(budget: string, window: string, type: EventType | ''): string {
  return `renderonce.budget-event:${budget}:${window}${type === '' ? '' : `:${type}`}`;
}
