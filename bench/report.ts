import type { Results } from './results.js';

/** What the project promises of a figure, for the table to say whether it holds. */
interface Row {
  readonly figure: string;
  readonly value: string;
  readonly target?: string;
  readonly holds?: boolean;
}

/** The table of a run in Markdown, with date, machine and versions, as README and terminal show it. */
export function tableOf(results: Results): string {
  const { machine, date, quick } = results;
  const rows = [...rateRows(results), ...latencyRows(results), ...costRows(results), ...flightRows(results)];
  return [
    '| figure | measured | target |',
    '| --- | --- | --- |',
    ...rows.map(
      ({ figure, value, target = '', holds = true }) =>
        `| ${figure} | ${value} | ${target}${holds ? '' : ', **missed**'} |`,
    ),
    '',
    `${date.slice(0, 10)}, ${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, Node ${machine.node}, ${machine.sdk}, ${machine.engine} (${machine.store})${quick ? '; a short run (`--quick`)' : ''}.`,
    '',
  ].join('\n');
}

function rateRows(results: Results): Row[] {
  const { floorPerSecond, webhookPerSecond, webhookToFloor, pollingPerSecond } = results;
  const { dedupePerSecond, dedupeToFloor, alternatives } = results;
  return [
    { figure: 'the floor: a workflow with one empty activity', value: perSecond(floorPerSecond) },
    ...headlineRows(results),
    {
      figure: 'render by webhook, which comes at once',
      value: `${perSecond(webhookPerSecond)}, ${webhookToFloor} × the floor${besideCeiling(results.webhookBesideCeiling)}`,
      ...atLeast(webhookToFloor, 0.5, '× the floor'),
    },
    { figure: 'render by polling', value: perSecond(pollingPerSecond) },
    {
      figure: 'a known key again',
      value: `${perSecond(dedupePerSecond)}, ${dedupeToFloor} × the floor`,
      ...atLeast(dedupeToFloor, 5, '× the floor'),
    },
    ...Object.entries(alternatives).map(([name, other]) => ({
      figure: name,
      value: `${perSecond(other.perSecond)}, ${milliseconds(other.submitMs)} to submit, ${other.requests} requests a render, ${other.creditsUnderFaults} credits under faults`,
    })),
  ];
}

/** Renders as users have them; results of before November 29, 2026 have none. */
function headlineRows({ webhook3s }: Results): Row[] {
  if (webhook3s === undefined) return [];
  const { perSecond: rate, toFloor, toCeiling } = webhook3s;
  return [
    {
      figure: '**render by webhook after 3 s, submit to video**',
      value: `${perSecond(rate)}, ${toFloor} × the floor${besideCeiling(webhook3s)}`,
      target: 'at least 0.6 × the floor, 0.85 × by hand',
      holds: toFloor >= 0.6 && toCeiling >= 0.85,
    },
  ];
}

function besideCeiling(beside: Results['webhookBesideCeiling']): string {
  if (beside === undefined) return '';
  return `, ${beside.toCeiling} × a render by hand without durability (${perSecond(beside.ceilingPerSecond)})`;
}

function latencyRows(results: Results): Row[] {
  const { submitOnceMs, barePostMs, floorMs, webhookToOutcomeMs, latencyMs, helpMs, startUpMs } = results;
  const added = submitOnceMs.p50 - barePostMs;
  const { crowd } = latencyMs;
  return [
    { figure: '`submitOnce`, 1 caller', value: spread(submitOnceMs) },
    {
      figure: 'what it adds to a bare POST',
      value: `${milliseconds(added)} (the floor: ${milliseconds(floorMs)})`,
      ...atMost(added, 2 * floorMs, '', `at most 2 × the floor`),
    },
    {
      figure: '`submitOnce`, 50 callers at once',
      value: `${spread(crowd.submitOnce)}; the floor ${spread(crowd.floor)}, a bare POST ${spread(crowd.barePost)}`,
    },
    ...httpRows(results),
    { figure: 'webhook sent to video at the caller', value: spread(webhookToOutcomeMs) },
    { figure: '`renderonce --help`', value: milliseconds(helpMs), ...atMost(helpMs, 250, 'ms') },
    {
      figure: 'start of worker, of receiver',
      value: `${milliseconds(startUpMs.worker.p50)}, ${milliseconds(startUpMs.receiver.p50)}`,
    },
  ];
}

/** Submissions over HTTP beside those by the library, in turns. */
function httpRows({ httpApi }: Results): Row[] {
  if (httpApi === undefined) return [];
  const { putPerSecond, submitOncePerSecond, toSubmitOnce, putMs, submitOnceMs } = httpApi;
  return [
    {
      figure: '`PUT` of the HTTP API, 1 caller',
      value: `${spread(putMs.alone)}; \`submitOnce\` ${spread(submitOnceMs.alone)}`,
    },
    {
      figure: '`PUT` of the HTTP API, 50 callers',
      value: `${perSecond(putPerSecond)}, ${toSubmitOnce} × \`submitOnce\` (${perSecond(submitOncePerSecond)}); ${spread(putMs.loaded)}`,
    },
  ];
}

function costRows({
  eventsPerRender,
  historyBytesPerRender,
  providerRequestsPerRender,
  costs,
  movies,
}: Results): Row[] {
  return [
    { figure: 'events a render', value: String(eventsPerRender), ...atMost(eventsPerRender, 23) },
    {
      figure: 'history a render, beside the movie',
      value: `${historyBytesPerRender} bytes`,
      ...atMost(historyBytesPerRender, 5_000, 'bytes'),
    },
    {
      figure: 'requests a render, by webhook',
      value: String(providerRequestsPerRender),
      ...atMost(providerRequestsPerRender, 2),
    },
    { figure: 'state transitions a render, by webhook', value: String(costs.webhook.stateTransitions) },
    ...Object.entries(movies).map(([size, { perSecond: rate, submitOnceMs, barePostMs }]) => ({
      figure: `a movie of ${size}`,
      value: `${perSecond(rate)}; \`submitOnce\` ${milliseconds(submitOnceMs.p50)}, a bare POST ${milliseconds(barePostMs.p50)}`,
    })),
  ];
}

function flightRows({ inFlight }: Results): Row[] {
  if (inFlight === undefined) return [];
  const { renders, workerRssBytes, receiverRssBytes, lost, requestsPerSecondWhileWaiting } = inFlight;
  return [
    {
      figure: `${renders} renders in flight: worker, receiver`,
      value: `${megabytes(workerRssBytes)}, ${megabytes(receiverRssBytes)}`,
      ...atMost(workerRssBytes / 1e6, 400, 'MB', 'worker under 400 MB'),
    },
    { figure: 'of those lost', value: String(lost), ...atMost(lost, 0) },
    { figure: 'requests to the provider meanwhile', value: perSecond(requestsPerSecondWhileWaiting) },
  ];
}

function atLeast(value: number, bound: number, unit: string): Pick<Row, 'target' | 'holds'> {
  return { target: `at least ${bound} ${unit}`, holds: value >= bound };
}

function atMost(value: number, bound: number, unit = '', target = `at most ${bound} ${unit}`.trim()) {
  return { target, holds: value <= bound };
}

const perSecond = (rate: number): string => `${rate.toFixed(rate < 10 ? 1 : 0)} a second`;
const milliseconds = (ms: number): string => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
const spread = ({ p50, p95 }: { readonly p50: number; readonly p95: number }): string =>
  `${milliseconds(p50)}, 95 % ${milliseconds(p95)}`;
