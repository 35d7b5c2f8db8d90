import type { Bill } from './faults/bill.js';
import type { AlternativeReport } from './report.js';

const HEAD = [
  '',
  'renders a second',
  'submit, ms (95 %)',
  'requests a render',
  'credits under faults (needed)',
  'keys paid more than once',
  'keys without a video',
  'memory, MB',
];

/** The reports as a Markdown table; a second row shows the same faults where the paying step has one attempt. */
export function reportTable(reports: Readonly<Record<string, AlternativeReport>>): string {
  const rows = Object.entries(reports).flatMap(([name, report]) => {
    const { faults, faultsWithOneAttempt: careful } = report;
    const calm = [
      String(report.perSecond),
      `${report.submitMs} (${report.submitP95Ms})`,
      String(report.requests),
    ];
    const megabytes = (report.residentBytes / 1e6).toFixed(0);
    const row = [name, ...calm, ...columnsOf(faults), megabytes];
    return careful === undefined
      ? [row]
      : [row, [`${name}, one attempt`, '', '', '', ...columnsOf(careful), '']];
  });
  return [HEAD, HEAD.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function columnsOf({ creditsSpent, creditsNeeded, paidTwice, withoutOutcome }: Bill): string[] {
  return [`${creditsSpent} (${creditsNeeded})`, inWords(paidTwice), inWords(withoutOutcome)];
}

function inWords(counts: Readonly<Partial<Record<string, number>>>): string {
  const parts = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}
