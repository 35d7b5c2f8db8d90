import type { InstallationResult } from './measure.js';

/** The table of a run in Markdown. */
export function installationTable(results: readonly InstallationResult[]): string {
  return [
    '| engine | the floor | render, webhook at once | render, webhook after 3 s | × the floor | `submitOnce`, 1 caller | beyond a bare POST | processor time of the server a render, without Postgres | events, history | idle, and memory at the end |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...results.map(rowOf),
  ].join('\n');
}

function rowOf(result: InstallationResult): string {
  const { name, floorPerSecond, atOncePerSecond, after3sPerSecond, after3sToFloor } = result;
  const { submitMs, barePostMs, serverMs, cost, idleShare, serverRssBytes } = result;
  const cells = [
    name,
    `${floorPerSecond} a second`,
    `${atOncePerSecond} a second`,
    `${after3sPerSecond} a second`,
    String(after3sToFloor),
    `${submitMs.toFixed(0)} ms`,
    `${(submitMs - barePostMs).toFixed(0)} ms`,
    `${serverMs} ms`,
    `${cost.events}, ${cost.historyBytes} bytes with the movie`,
    `${(idleShare * 100).toFixed(1)} % of a core, ${(serverRssBytes / 1e6).toFixed(0)} MB`,
  ];
  return `| ${cells.join(' | ')} |`;
}
