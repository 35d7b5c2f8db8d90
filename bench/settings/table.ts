import { rounded } from '../measure/statistics.js';
import type { VariantResult } from './measure-variants.js';

export function settingsTable(results: readonly VariantResult[]): string {
  return [
    "| variant | renders a second | × shipped | `submitOnce`, 1 caller | worker's processor time a render | worker's memory |",
    '| --- | --- | --- | --- | --- | --- |',
    ...results.map(
      ({ name, perSecond, toShipped, submitMs, cpuMs, workerRssBytes }) =>
        `| ${name} | ${perSecond} | ${toShipped} | ${submitMs.toFixed(0)} ms | ${cpuOf(cpuMs, 'worker')} | ${(workerRssBytes / 1e6).toFixed(0)} MB |`,
    ),
  ].join('\n');
}

/** The table of the changes that were taken back, and what all of them together brought. */
export function beforeTable(store: string, results: readonly VariantResult[]): string {
  const [shipped, before] = [results[0], results.at(-1)];
  return [
    `| ${store} | renders a second | × shipped | the floor | × the floor | \`submitOnce\`, 1 caller | beyond a bare POST | processor time a render: engine, worker, client |`,
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...results.map(
      ({ name, perSecond, toShipped, floorPerSecond = Number.NaN, submitMs, barePostMs, cpuMs }) =>
        `| ${name} | ${perSecond} | ${toShipped} | ${floorPerSecond} | ${rounded(perSecond / floorPerSecond)} | ${submitMs.toFixed(0)} ms | ${(submitMs - barePostMs).toFixed(0)} ms | ${['engine', 'worker', 'client'].map((each) => cpuOf(cpuMs, each)).join(', ')} |`,
    ),
    '',
    ...(shipped === undefined || before === undefined ? [] : [gainOf(store, shipped, before)]),
  ].join('\n');
}

const added = ({ submitMs, barePostMs }: VariantResult): number => submitMs - barePostMs;

function gainOf(store: string, after: VariantResult, before: VariantResult): string {
  const floors = (after.floorPerSecond ?? Number.NaN) / (before.floorPerSecond ?? Number.NaN);
  return `${store}, after to before: renders a second × ${rounded(1 / before.toShipped)}, the floor × ${rounded(floors)}, what \`submitOnce\` adds to a bare POST × ${rounded(added(after) / added(before))}`;
}

function cpuOf(cpuMs: VariantResult['cpuMs'], process: string): string {
  return `${(cpuMs[process] ?? Number.NaN).toFixed(1)} ms`;
}

export function commandTable(medians: readonly { readonly name: string; readonly ms: number }[]): string {
  return [
    '| command | until its end |',
    '| --- | --- |',
    ...medians.map(({ name, ms }) => `| ${name} | ${ms.toFixed(0)} ms |`),
  ].join('\n');
}
