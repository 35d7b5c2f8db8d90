import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { playKeysNaively } from './naive-keys.js';
import { paidLine, plotPaid, plotTimes } from './plots.js';
import type { ProofReport, Tally } from './tally.js';

const FOLDER = fileURLToPath(new URL('../../proof/', import.meta.url));

/** The naive client plays so many of the keys; more would only lengthen its line. */
const NAIVE_KEYS = 1_000;

/** Writes `proof/report.json`, `proof/report.md` and their plots. */
export async function writeReport(tally: Tally, report: ProofReport, now: Date): Promise<void> {
  const naive = await playKeysNaively(tally.naiveKeys.slice(0, NAIVE_KEYS));
  const ours = tally.observed.map(({ accepted }) => accepted.length);
  await mkdir(FOLDER, { recursive: true });
  const files = {
    'paid.svg': plotPaid([paidLine('renderonce', ours), paidLine('naive client', naive)]),
    'time-to-known.svg': plotTimes(tally.timesToKnownMs),
    'report.json': `${JSON.stringify(report, null, 2)}\n`,
    'report.md': markdownOf(report, naive, now),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(`${FOLDER}${name}`, text);
}

function markdownOf(report: ProofReport, naive: readonly number[], now: Date): string {
  const { seed, minutes, timeToKnownMs, faultsFired, failedCells } = report;
  const naivePosts = naive.reduce((sum, accepted) => sum + accepted, 0);
  const rows = [
    ['cells played', report.runs],
    ['keys', report.keys],
    ['accepted POSTs', report.acceptedPosts],
    ['keys paid for twice', report.duplicates],
    ['keys in doubt, settled by a look', report.unknowns],
    ['held for a person, as asked (`resubmissions: 0`)', report.held],
    ['share of keys that came to an end', report.completedShare],
    ['fault to answer, median', `${(timeToKnownMs.p50 / 1_000).toFixed(1)} s`],
    ['fault to answer, 99 % of keys', `${(timeToKnownMs.p99 / 1_000).toFixed(1)} s`],
    ['duplicates are rarer than, with 95 % confidence', `${report.upperBound95} per accepted POST`],
    ['failed cells', failedCells.length],
  ];
  return `# Proof

Random faults for ${minutes} minutes on ${now.toISOString().slice(0, 10)}, seed ${seed}: real worker, starter, receiver and engine,
killed, stopped and continued; the provider's ledger on disk is the oracle. \`npm run proof -- --minutes N\` makes another.

| figure | value |
| --- | --- |
${rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n')}

## Paid once

On the grey diagonal every key is paid for once. The naive client (\`src/demo/naive.ts\`: POST, again on any error, poll)
met what the first ${naive.length} keys met, as far as it can: ${naivePosts} accepted POSTs. Racing callers, each of whom it would
pay for, are left out of its line.

![accepted POSTs against keys](paid.svg)

## From the fault to the answer

What is not known after a crash is waited for: an attempt's time, the settle window, a render. The long end are the
crashes during a look, which the engine notices after 90 s.

![share of keys against seconds](time-to-known.svg)

## What happened, and to how many keys

| fault | keys |
| --- | --- |
${Object.entries(faultsFired)
  .map(([fault, keys]) => `| ${fault} | ${keys} |`)
  .join('\n')}

## Failed cells

${failedCells.length === 0 ? 'None.' : failedCells.map((cell) => `- ${cell}`).join('\n')}
`;
}
