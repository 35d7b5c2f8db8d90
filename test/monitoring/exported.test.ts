import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MovieRejected } from '../../src/render/errors.js';
import { setBudget } from '../../src/starter/budgets.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { namedIn, type Sample, scrape, unexported, valueOf } from './exposition.js';

expectNoProcessLeft();

const read = (path: string): Promise<string> =>
  readFile(new URL(`../../docs/${path}`, import.meta.url), 'utf8');

const key = freshKey('measured');
let stage: Stage;
let ofWorker: readonly Sample[];
let ofReceiver: readonly Sample[];
let project: string;
let refusal: unknown;
beforeAll(async () => {
  stage = await openStage({ provider: { timeScale: 5 } });
  const receiver = await stage.startReceiver();
  // A budget that has reached its soft limit after one card.
  const setting = { limit: 8, per: 'total', soft: 50, by: 'a test', why: 'to count' } as const;
  await setBudget(stage.client, stage.taskQueue, 'shop', setting);
  const worker = await stage.startWorker({ RENDERONCE_WORKER_LISTEN: '127.0.0.1:0' });
  await fetch(`${String(receiver.said['url'])}/json2video/nonsense`, { method: 'POST' });
  const rejected = stage.renders.render(freshKey('rejected'), { scenes: 'none' });
  await rejected.catch((error: unknown) => (refusal = error));
  ({ project } = await stage.renders.render(key, CARD, { budget: 'shop' }));
  ofReceiver = await scrape(String(receiver.said['url']));
  ofWorker = await until('the SDK has told of the end', async () => {
    const samples = await scrape(String(worker.said['url']));
    const isCounted = valueOf(samples, 'renderonce_budget_reports_total') > 0;
    return isCounted && valueOf(samples, 'temporal_workflow_completed_total') > 0 && samples;
  });
});
afterAll(() => stage.close());

test('submissions, ends, hints, credits and times of a render are counted as the provider has them', async () => {
  const { spent } = (await (await fetch(`${stage.fake.url}/_fake/credits`)).json()) as { spent: number };
  const counted = (name: string, labels?: Record<string, string>): number => valueOf(ofWorker, name, labels);

  expect(refusal).toBeInstanceOf(MovieRejected);
  expect(spent).toBeGreaterThan(0);
  expect(counted('renderonce_credits_total')).toBe(spent);
  expect(counted('renderonce_submissions_total', { end: 'accepted' })).toBe(1);
  expect(counted('renderonce_submissions_total', { end: 'rejected' })).toBe(1);
  expect(counted('renderonce_submissions_total')).toBe(2);
  expect(counted('renderonce_renders_ended_total', { end: 'done' })).toBe(1);
  expect(counted('renderonce_renders_ended_total', { end: 'rejected' })).toBe(1);
  expect(counted('renderonce_hints_total', { result: 'confirmed' })).toBe(1);
  expect(counted('renderonce_time_to_project_seconds_count')).toBe(1);
  expect(counted('renderonce_time_to_outcome_seconds_count', { outcome: 'done' })).toBe(1);
  expect(counted('renderonce_engine_up')).toBe(1);
});

test('requests to the provider are counted by call and status, as it saw them', async () => {
  const requests = await stage.fake.requests();
  expect(requests.length).toBeGreaterThan(2);
  for (const { call, status } of requests) {
    const same = requests.filter((other) => other.call === call && other.status === status);
    expect(valueOf(ofWorker, 'renderonce_provider_requests_total', { call, status: String(status) })).toBe(
      same.length,
    );
  }
  expect(valueOf(ofWorker, 'renderonce_provider_requests_total')).toBe(requests.length);
});

test('the receiver counts a hint that was taken, and one that was forged', () => {
  expect(valueOf(ofReceiver, 'renderonce_webhook_deliveries_total', { answer: 'taken' })).toBe(1);
  expect(valueOf(ofReceiver, 'renderonce_webhook_deliveries_total', { answer: 'forged' })).toBe(1);
});

test('no label holds a key or a project', () => {
  const values = [...ofWorker, ...ofReceiver].flatMap(({ labels }) => Object.values(labels));
  expect(values.length).toBeGreaterThan(100);
  expect(values.filter((value) => value.includes(key) || value.includes(project))).toEqual([]);
});

describe('every metric that is named is exported:', () => {
  test.each(['deploy/grafana/renderonce.json', 'deploy/prometheus/alerts.yml', 'metrics.md'])(
    '%s',
    async (path) => {
      const text = await read(path);
      expect(namedIn(text).length).toBeGreaterThan(5);
      expect(unexported(familiesAs(text), [...ofWorker, ...ofReceiver])).toEqual([]);
    },
  );

  test('a name that is misspelt is found', () => {
    const text = 'sum(rate(renderonce_submission_total[5m])) / sum(renderonce_submissions_total)';
    expect(unexported(text, ofWorker)).toEqual(['renderonce_submission_total']);
  });
});

test('every metric of ours that is exported is on the page of metrics', async () => {
  const page = namedIn(await read('metrics.md'));
  const families = [...ofWorker, ...ofReceiver]
    .map(({ name }) => name.replace(/_(bucket|sum|count)$/, ''))
    .filter((name) => name.startsWith('renderonce_'));
  expect(families.length).toBeGreaterThan(10);
  expect([...new Set(families)].filter((name) => !page.includes(name))).toEqual([]);
});

/** A page names a histogram by its family; what is exported are its parts. */
function familiesAs(text: string): string {
  return text.replaceAll(/`((?:renderonce|temporal)_\w+_seconds)` +\| histogram/g, '`$1_count`');
}
