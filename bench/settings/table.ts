import type { VariantResult } from './measure-variants.js';

export function settingsTable(results: readonly VariantResult[]): string {
  return [
    "| variant | renders a second | × shipped | `submitOnce`, 1 caller | worker's processor time a render | worker's memory |",
    '| --- | --- | --- | --- | --- | --- |',
    ...results.map(
      ({ name, perSecond, toShipped, submitMs, workerCpuMs, workerRssBytes }) =>
        `| ${name} | ${perSecond} | ${toShipped} | ${submitMs.toFixed(0)} ms | ${workerCpuMs.toFixed(1)} ms | ${(workerRssBytes / 1e6).toFixed(0)} MB |`,
    ),
  ].join('\n');
}

export function commandTable(medians: readonly { readonly name: string; readonly ms: number }[]): string {
  return [
    '| command | until its end |',
    '| --- | --- |',
    ...medians.map(({ name, ms }) => `| ${name} | ${ms.toFixed(0)} ms |`),
  ].join('\n');
}
