import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resultsSchema } from '../../bench/results.js';
import { ACTIONS, costOf, safetyChecks } from '../../bench/scaling/costs.js';
import { simulateDay } from '../../bench/scaling/day.js';
import { lookLimitPerSecond } from '../../bench/scaling/look-limit.js';
import { withTables } from '../../bench/scaling/page.js';
import { needOf, scalingTables } from '../../bench/scaling/tables.js';
import { EXAMPLE } from './bench-example.js';
import { firstDelayMs, nextCheck } from '../../src/render/waiting.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('what a render costs', () => {
  it('safety checks are counted at the cadence that the product has', () => {
    const plan = { for: 'watch', pollSeconds: 5, webhook: true } as const;
    const dueMs = [firstDelayMs(plan)];
    for (let attempt = 2; attempt < 12; attempt += 1) {
      const elapsedMs = dueMs.at(-1) ?? 0;
      const next = nextCheck({ says: 'rendering', status: 'running' }, plan, { attempt, elapsedMs });
      dueMs.push(elapsedMs + (next.do === 'repeat' ? next.afterMs : Number.NaN));
    }
    for (const seconds of [30, 60, 61, 200, 900, 1_500]) {
      expect(safetyChecks(seconds)).toBe(dueMs.filter((ms) => ms < seconds * 1_000).length);
    }
  });

  it('Actions are those of the recorded history of a render by webhook', () => {
    const history = read('test/replay/histories/0.1.0/done-by-webhook.json');
    const count = (type: string): number => history.split(`"EVENT_TYPE_${type}"`).length - 1;
    expect(ACTIONS).toMatchObject({
      start: count('WORKFLOW_EXECUTION_STARTED'),
      update: count('WORKFLOW_EXECUTION_UPDATE_ACCEPTED'),
      upserts: count('UPSERT_WORKFLOW_SEARCH_ATTRIBUTES'),
      signal: count('WORKFLOW_EXECUTION_SIGNALED'),
      confirmation: count('MARKER_RECORDED'),
    });
    expect(ACTIONS.submitMovie + ACTIONS.checkMovie).toBe(count('ACTIVITY_TASK_SCHEDULED'));
    expect(count('TIMER_STARTED')).toBe(0);
  });

  it('a longer render costs more requests, and no more history', () => {
    const [short, long] = [costOf(EXAMPLE, 10), costOf(EXAMPLE, 600)];
    expect(long.requests - short.requests).toBe(3);
    expect(long.historyBytes).toBe(short.historyBytes);
  });
});

describe('the simulated day', () => {
  const day = { rendersPerDay: 864_000, peakToMean: 2, capacityPerSecond: 1_000, renderSeconds: 100 };

  it('with capacity to spare nothing waits, and what is in flight follows from rate and time', () => {
    const result = simulateDay(day);
    expect(result).toMatchObject({ peakBacklog: 0, longestWaitSeconds: 0, isSustained: true });
    expect(result.peakArrivalsPerSecond).toBeCloseTo(20, 3);
    expect(result.peakInFlight).toBeCloseTo(20 * 100, -1);
  });

  it('a peak above the capacity waits, and is caught up with', () => {
    const result = simulateDay({ ...day, capacityPerSecond: 15 });
    expect(result.isSustained).toBe(true);
    expect(result.peakBacklog).toBeGreaterThan(0);
    expect(result.peakInFlight).toBeCloseTo(15 * 100, -1);
  });

  it('a capacity below the mean is never caught up with', () => {
    expect(simulateDay({ ...day, capacityPerSecond: 9 }).isSustained).toBe(false);
  });

  it('an account takes no more submissions than a look can read the list of', () => {
    // 100,000 movies in the 10 minutes before, 90 s of an attempt and 120 s to settle.
    expect(lookLimitPerSecond()).toBeCloseTo(100_000 / 810, 6);
    expect(needOf(EXAMPLE, 1_000_000).accounts).toBe(1);
    expect(needOf(EXAMPLE, 100_000_000).accounts).toBe(
      Math.ceil((2 * 100_000_000) / 86_400 / (100_000 / 810)),
    );
  });

  it('needs grow with the renders', () => {
    const [small, large] = [needOf(EXAMPLE, 1_000_000), needOf(EXAMPLE, 100_000_000)];
    expect(large.transitionsPerSecond / small.transitionsPerSecond).toBeCloseTo(100, 6);
    expect(large.shards).toBeGreaterThan(small.shards);
  });
});

describe('docs/scaling.md', () => {
  it('shows the tables of the committed results', () => {
    const committed = resultsSchema.parse(JSON.parse(read('bench/results.json')));
    const numbers = (text: string): string[] => text.match(/[\d.,]*\d/g) ?? [];
    const page = read('docs/scaling.md');
    const shown = page
      .split('<!-- tables: npm run bench:scaling -->')[1]
      ?.split('<!-- end of the tables -->')[0];
    expect(numbers(shown ?? '')).toEqual(numbers(scalingTables(committed)));
  });

  it('a page without the marks is refused', () => {
    expect(() => withTables('a page', 'tables')).toThrow('the page has no');
  });
});
