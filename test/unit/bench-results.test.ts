import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plotLatency, plotThroughput } from '../../bench/plots.js';
import { tableOf } from '../../bench/report.js';
import { resultsSchema } from '../../bench/results.js';
import { EXAMPLE } from './bench-example.js';

const read = (name: string): string => readFileSync(new URL(`../../bench/${name}`, import.meta.url), 'utf8');

describe('bench/results.json', () => {
  const committed = resultsSchema.parse(JSON.parse(read('results.json')));

  it('names no path and no host of the machine that measured', () => {
    expect(read('results.json')).not.toMatch(/\/(home|root|tmp|work|Users)\/|localhost|\d+\.\d+\.\d+\.\d+/);
  });

  it('table and plots are of this run', () => {
    expect(read('results.md')).toBe(tableOf(committed));
    expect(read('throughput.svg')).toBe(plotThroughput(committed));
    expect(read('latency.svg')).toBe(plotLatency(committed));
  });
});

describe('the shape of results', () => {
  it('a whole run passes', () => {
    expect(resultsSchema.parse(EXAMPLE)).toEqual(EXAMPLE);
  });

  it.each([
    ['a figure that is missing', { floorPerSecond: undefined }],
    ['a rate of nothing', { webhookPerSecond: 0 }],
    ['a text for a figure', { helpMs: '230 ms' }],
    ['a name that is not agreed', { webhooksPerSecond: 1 }],
    [
      'an alternative without its credits',
      { alternatives: { recipe: { perSecond: 1, submitMs: 1, requests: 2 } } },
    ],
  ])('%s does not pass', (_, wrong) => {
    expect(resultsSchema.safeParse({ ...EXAMPLE, ...wrong }).success).toBe(false);
  });
});

describe('the table of the bench', () => {
  const lineOf = (table: string, figure: string): string | undefined =>
    table.split('\n').find((line) => line.includes(figure));

  it('a run that meets every target has nothing missed, and says when and on what it was', () => {
    const table = tableOf(EXAMPLE);
    expect(table).not.toContain('missed');
    expect(table).toContain('2026-11-24, 2 cores (Some CPU), 8 GB, Node v20.20.2');
    expect(table).toContain('a short run');
  });

  it.each([
    ['webhook after 3 s', { webhook3s: { ...EXAMPLE.webhook3s, toFloor: 0.59 } }],
    ['webhook after 3 s', { webhook3s: { ...EXAMPLE.webhook3s, toCeiling: 0.84 } }],
    ['which comes at once', { webhookToFloor: 0.49 }],
    ['a known key again', { dedupeToFloor: 4.9 }],
    ['adds to a bare POST', { submitOnceMs: { p50: 106, p95: 106, count: 1 } }],
    ['--help', { helpMs: 251 }],
    ['events a render', { eventsPerRender: 24 }],
    ['history a render', { historyBytesPerRender: 5_001 }],
    ['requests a render, by webhook', { providerRequestsPerRender: 2.1 }],
  ])('what falls short at "%s" is shown as missed, and only that', (figure, short) => {
    const table = tableOf(resultsSchema.parse({ ...EXAMPLE, ...short }));
    expect(lineOf(table, figure)).toContain('**missed**');
    expect(table.split('missed')).toHaveLength(2);
  });

  it('submissions over HTTP stand beside those by the library, and results without them have no such row', () => {
    const figure = '`PUT` of the HTTP API, 50 callers';
    expect(lineOf(tableOf(EXAMPLE), figure)).toContain('36 a second, 0.9 × `submitOnce` (40 a second)');
    expect(lineOf(tableOf({ ...EXAMPLE, httpApi: undefined }), figure)).toBeUndefined();
  });

  it('an alternative that is faster is shown as it is', () => {
    const faster = { perSecond: 900, submitMs: 3, requests: 2, creditsUnderFaults: 15 };
    const results = { ...EXAMPLE, alternatives: { recipe: faster } };
    expect(tableOf(results)).toContain(
      '| recipe | 900 a second, 3.0 ms to submit, 2 requests a render, 15 credits under faults',
    );
    expect(plotThroughput(results)).toContain('recipe');
  });

  it('renders in flight that were lost are shown as missed', () => {
    const inFlight = {
      renders: 10_000,
      workerRssBytes: 300e6,
      receiverRssBytes: 90e6,
      workerPeakRssBytes: 350e6,
      receiverPeakRssBytes: 99e6,
      workerIdleRssBytes: 150e6,
      submittedPerSecond: 40,
      requestsPerSecondWhileWaiting: 50,
      historyBytesWaiting: 3_000,
      finishedPerSecond: 40,
      workerCpuMsPerEnd: 6,
      lost: 1,
    };
    const table = tableOf({ ...EXAMPLE, inFlight });
    expect(lineOf(table, 'renders in flight')).toContain('300 MB, 90 MB | worker under 400 MB |');
    expect(lineOf(table, 'of those lost')).toContain('1 | at most 0, **missed**');
    expect(tableOf({ ...EXAMPLE, inFlight: { ...inFlight, lost: 0 } })).not.toContain('missed');
  });
});
