import type { InjectedSinks } from '@temporalio/worker';
import { Counter, Histogram, Registry } from 'prom-client';
import { counterBy } from './counter-by.js';
import type { OnRequest } from '../json2video/client.js';
import { creditsOf } from '../json2video/movie-reply.js';
import type { CopyEnd } from '../render/kept.js';
import { EVENT_TYPES } from '../render/event.js';
import type { BudgetMetrics, RunMetrics } from '../workflows/run-metrics.js';

/** Metrics of a worker, and the hooks that feed them. */
interface WorkerMetrics {
  readonly registry: Registry;
  /** Sinks of the workflow. */
  readonly sinks: InjectedSinks<RunMetrics & BudgetMetrics>;
  /** Hook of the provider's client. */
  readonly onRequest: OnRequest;
  /** Hook of the attempts to deliver events. */
  readonly onDelivery: (end: string, seconds: number) => void;
  /** Hook of the attempts to copy videos. */
  readonly onCopy: (end: CopyEnd) => void;
  /** Hook of the activities that read the provider's list. */
  readonly onListLag: (seconds: number) => void;
}

const PROJECT_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3_600];
const OUTCOME_SECONDS = [5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200];
const REQUEST_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** 180: the settle window of 120 s, and the 60 s by which a measured lag may be too long. */
const LAG_SECONDS = [1, 5, 10, 30, 60, 120, 180, 300, 600, 1_800, 3_600];

/**
 * Creates the metrics of one worker. Their labels have few values: a key or a project would make a series for each render.
 */
export function createWorkerMetrics(): WorkerMetrics {
  const registry = new Registry();
  return {
    registry,
    sinks: { render: renderSinks(registry), budget: budgetSinks(registry) },
    onRequest: requestMeter(registry),
    onListLag: lagMeter(registry),
    onDelivery: deliveryMeter(registry),
    onCopy: copyMeter(registry),
  };
}

const SUBMISSION_ENDS = ['accepted', 'rejected', 'refused', 'unknown'];
const HINT_RESULTS = ['confirmed', 'early', 'unanswered', 'foreign'];
const RUN_ENDS = ['done', 'failed', 'timed-out', 'cancelled', 'rejected', 'abandoned', 'reused'];

function renderSinks(registry: Registry): InjectedSinks<RunMetrics>['render'] {
  const by = <L extends string>(
    name: string,
    help: string,
    label: L,
    values: readonly string[],
  ): Counter<L> => counterBy(registry, { name, help }, label, values);
  const submissions = by('renderonce_submissions_total', 'Submissions by end', 'end', SUBMISSION_ENDS);
  const hints = by(
    'renderonce_hints_total',
    'Webhook deliveries that reached a render, by their effect',
    'result',
    HINT_RESULTS,
  );
  const ended = by('renderonce_renders_ended_total', 'Closed renders by end', 'end', RUN_ENDS);
  const credits = new Counter({
    name: 'renderonce_credits_total',
    help: 'Credits spent, estimated from durations',
    registers: [registry],
  });
  const { toProject, toOutcome } = times(registry);
  const { kept, undelivered } = afterwards(registry);
  return {
    submitted: { fn: (_info, end) => submissions.inc({ end }) },
    accepted: { fn: (_info, sinceStartMs) => toProject.observe(sinceStartMs / 1_000) },
    hinted: { fn: (_info, result) => hints.inc({ result }) },
    kept: { fn: (_info, result) => kept.inc({ result }) },
    undelivered: { fn: (_info, type) => undelivered.inc({ type }) },
    ended: {
      fn: (_info, end, { sinceStartMs, wasAccepted, durationSeconds = null }) => {
        ended.inc({ end });
        if (wasAccepted) toOutcome.observe({ outcome: end }, sinceStartMs / 1_000);
        credits.inc(creditsOf({ status: end, duration: durationSeconds }) ?? 0);
      },
    },
  };
}

function afterwards(registry: Registry) {
  const kept = counterBy(
    registry,
    { name: 'renderonce_videos_kept_total', help: 'Videos whose copy was made or is lost' },
    'result',
    ['kept', 'lost'],
  );
  const undelivered = counterBy(
    registry,
    { name: 'renderonce_events_undelivered_total', help: 'Events that a destination did not take, given up' },
    'type',
    EVENT_TYPES,
  );
  return { kept, undelivered };
}

function budgetSinks(registry: Registry): InjectedSinks<BudgetMetrics>['budget'] {
  const reports = new Counter({
    name: 'renderonce_budget_reports_total',
    help: 'Windows of budgets that reached their soft limit, or in which credits were denied; each counts once',
    labelNames: ['budget', 'event'],
    registers: [registry],
  });
  return { reported: { fn: (_info, budget, event) => reports.inc({ budget, event }) } };
}

function copyMeter(registry: Registry): WorkerMetrics['onCopy'] {
  const attempts = counterBy(
    registry,
    { name: 'renderonce_copy_attempts_total', help: 'Attempts to copy a video into the store, by end' },
    'end',
    ['kept', 'failed', 'lost'],
  );
  return (end) => attempts.inc({ end });
}

function times(registry: Registry) {
  const toProject = new Histogram({
    name: 'renderonce_time_to_project_seconds',
    help: 'Time from the start of a render to its acceptance',
    buckets: PROJECT_SECONDS,
    registers: [registry],
  });
  const toOutcome = new Histogram({
    name: 'renderonce_time_to_outcome_seconds',
    help: 'Time from the start of an accepted render to its outcome',
    labelNames: ['outcome'],
    buckets: OUTCOME_SECONDS,
    registers: [registry],
  });
  return { toProject, toOutcome };
}

function requestMeter(registry: Registry): OnRequest {
  const requests = new Counter({
    name: 'renderonce_provider_requests_total',
    help: 'Requests to JSON2Video by call and HTTP status; none: no reply, unsent: nothing was sent',
    labelNames: ['call', 'status'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'renderonce_provider_request_seconds',
    help: 'Time of a request to JSON2Video, to the last byte of the reply',
    labelNames: ['call'],
    buckets: REQUEST_SECONDS,
    registers: [registry],
  });
  return (call) => {
    const stop = seconds.startTimer({ call });
    return (status) => {
      stop();
      requests.inc({ call, status });
    };
  };
}

function deliveryMeter(registry: Registry): (end: string, seconds: number) => void {
  const attempts = counterBy(
    registry,
    { name: 'renderonce_event_attempts_total', help: 'Attempts to deliver an event, by their end' },
    'end',
    ['delivered', 'failed', 'refused', 'not made'],
  );
  const took = new Histogram({
    name: 'renderonce_event_attempt_seconds',
    help: 'Time of an attempt to deliver an event',
    buckets: REQUEST_SECONDS,
    registers: [registry],
  });
  return (end, seconds) => {
    if (end === 'unwanted') return;
    attempts.inc({ end });
    if (end !== 'not made') took.observe(seconds);
  };
}

function lagMeter(registry: Registry): (seconds: number) => void {
  const lag = new Histogram({
    name: 'renderonce_list_lag_seconds',
    help: "Time from an acceptance to the first page of JSON2Video's list that shows the movie, as looks read it",
    buckets: LAG_SECONDS,
    registers: [registry],
  });
  return (seconds) => lag.observe(seconds);
}
