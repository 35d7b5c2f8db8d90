import type { BufferedMetricUpdate } from '@temporalio/worker';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Interval between two drains of the buffer; at 1,000 updates a second it then holds 2,000. */
const DRAIN_MS = 2_000;

/** The used part of the SDK's buffer. */
interface MetricsSource {
  retrieveUpdates(): Iterable<BufferedMetricUpdate>;
}

/** Labels of the SDK's metrics; any other label is left out. */
const LABELS = [
  'activity_type',
  'eager',
  'failure_reason',
  'namespace',
  'operation',
  'poller_type',
  'status_code',
  'task_queue',
  'worker_type',
  'workflow_type',
];

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

type Labels = Record<string, string>;
type Apply = (labels: Labels, value: number) => void;

/**
 * The metrics of Temporal's SDK, under the names of its own exporter with both suffixes. They come from the SDK's buffer,
 * since its exporter would need a second address.
 */
export class SdkMetrics {
  readonly #registry = new Registry();
  readonly #source: MetricsSource;
  readonly #byName = new Map<string, Apply>();
  readonly #timer: NodeJS.Timeout;

  constructor(source: MetricsSource) {
    this.#source = source;
    // A full buffer drops updates, so it must be emptied also if Prometheus does not scrape.
    this.#timer = setInterval(() => this.#drain(), DRAIN_MS).unref();
  }

  /** Returns the metrics in Prometheus' text format. */
  text(): Promise<string> {
    this.#drain();
    return this.#registry.metrics();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #drain(): void {
    for (const update of this.#source.retrieveUpdates()) {
      const name = nameOf(update.metric);
      const apply = this.#byName.get(name) ?? this.#register(name, update.metric);
      apply(labelsOf(update.attributes), update.value);
    }
  }

  #register(name: string, metric: BufferedMetricUpdate['metric']): Apply {
    const help = metric.description === '' ? name : (metric.description ?? name);
    const apply = applierOf(metric.kind, { name, help, labelNames: LABELS, registers: [this.#registry] });
    this.#byName.set(name, apply);
    return apply;
  }
}

type Definition = {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  readonly registers: Registry[];
};

function applierOf(kind: BufferedMetricUpdate['metric']['kind'], definition: Definition): Apply {
  switch (kind) {
    case 'counter': {
      const counter = new Counter(definition);
      return (labels, value) => counter.inc(labels, value);
    }
    case 'gauge': {
      const gauge = new Gauge(definition);
      return (labels, value) => gauge.set(labels, value);
    }
    case 'up-down-counter': {
      const gauge = new Gauge(definition);
      return (labels, value) => gauge.inc(labels, value);
    }
    case 'histogram': {
      const histogram = new Histogram({ ...definition, buckets: SECONDS });
      return (labels, value) => histogram.observe(labels, value);
    }
  }
}

const UNITS: Readonly<Record<string, string>> = { s: 'seconds', ms: 'milliseconds' };

function nameOf({ name, kind, unit = '' }: BufferedMetricUpdate['metric']): string {
  if (kind === 'counter') return `${name}_total`;
  return kind === 'histogram' && unit !== '' ? `${name}_${UNITS[unit] ?? unit}` : name;
}

function labelsOf(attributes: BufferedMetricUpdate['attributes']): Labels {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([name]) => LABELS.includes(name))
      .map(([name, value]) => [name, String(value)]),
  );
}
