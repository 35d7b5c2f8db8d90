import { afterEach, expect, test } from 'vitest';
import { SdkMetrics } from '../../src/worker/sdk-metrics.js';

type Update =
  ReturnType<ConstructorParameters<typeof SdkMetrics>[0]['retrieveUpdates']> extends Iterable<infer U>
    ? U
    : never;

const opened: SdkMetrics[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.close();
});

/** Returns the text after each batch of updates. */
async function textsAfter(...batches: Update[][]): Promise<string[]> {
  const waiting = [...batches];
  const metrics = new SdkMetrics({ retrieveUpdates: () => waiting.shift() ?? [] });
  opened.push(metrics);
  const texts: string[] = [];
  for (const _ of batches) texts.push(await metrics.text());
  return texts;
}

const update = (
  metric: Partial<Update['metric']>,
  value: number,
  attributes: Update['attributes'] = {},
): Update => ({
  metric: { name: 'temporal_x', kind: 'counter', valueType: 'int', ...metric },
  value,
  attributes,
});

test('counters add up over scrapes, under the name of the SDK and its suffix', async () => {
  const [first, second] = await textsAfter(
    [update({}, 2, { namespace: 'n' })],
    [update({}, 3, { namespace: 'n' }), update({}, 1, { namespace: 'other' })],
  );
  expect(first).toContain('temporal_x_total{namespace="n"} 2');
  expect(second).toContain('temporal_x_total{namespace="n"} 5');
  expect(second).toContain('temporal_x_total{namespace="other"} 1');
});

test('gauges have the last value, and up-down counters the sum', async () => {
  const [text] = await textsAfter([
    update({ kind: 'gauge' }, 7),
    update({ kind: 'gauge' }, 4),
    update({ name: 'temporal_y', kind: 'up-down-counter' }, 3),
    update({ name: 'temporal_y', kind: 'up-down-counter' }, -1),
  ]);
  expect(text).toContain('\ntemporal_x 4\n');
  expect(text).toContain('\ntemporal_y 2\n');
});

test('times are histograms in seconds, with the description of the SDK', async () => {
  const metric = { kind: 'histogram', unit: 's', description: 'A latency' } as const;
  const [text] = await textsAfter([update(metric, 0.02), update(metric, 2)]);
  expect(text).toContain('# HELP temporal_x_seconds A latency');
  expect(text).toContain('temporal_x_seconds_bucket{le="0.025"} 1');
  expect(text).toContain('temporal_x_seconds_sum 2.02');
});

test('an unknown label is left out, and no update is lost', async () => {
  const [text] = await textsAfter([update({}, 1, { task_queue: 'q', run_id: 'r' })]);
  expect(text).toContain('temporal_x_total{task_queue="q"} 1');
});
