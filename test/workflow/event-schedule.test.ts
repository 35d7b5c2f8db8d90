import { expect, test } from 'vitest';
import type { DeliveryAttempt } from '../../src/events/sender.js';
import { afterStage, DELIVERED } from '../support/after-stage.js';

const stage = afterStage();

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const FAILED: DeliveryAttempt = { end: 'failed', message: 'HTTP 500' };
const OURS: DeliveryAttempt = { end: 'not made', message: 'getaddrinfo EAI_AGAIN' };

/** Pauses between the attempts, in seconds; the draw of the stage adds nothing. */
const pauses = (): number[] =>
  stage.attempts.slice(1).map(({ atMs }, index) => (atMs - (stage.attempts[index]?.atMs ?? 0)) / SECOND);

const SCHEDULE = [5, 300, 1_800, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * 3_600)];

test('ten attempts are made in four days, then the event is undelivered; none adds history', async () => {
  stage.receive = () => FAILED;
  const { after } = await stage.run();
  await expect(after.result()).rejects.toThrow('Workflow execution failed');
  expect(stage.attempts).toHaveLength(10);
  for (const [index, pause] of pauses().entries()) {
    const planned = SCHEDULE[index] ?? 0;
    expect(pause).toBeGreaterThanOrEqual(planned * 0.9);
    expect(pause).toBeLessThan(planned * 1.1 + 5);
  }
  expect((await after.fetchHistory()).events?.length).toBeLessThan(15);
});

test('a receiver that comes back gets the event at the next attempt', async () => {
  stage.receive = (_attempt, number) => (number < 4 ? FAILED : DELIVERED);
  const { after } = await stage.run();
  await after.result();
  expect(stage.attempts).toHaveLength(4);
  expect(new Set(stage.attempts.map(({ subject }) => subject.join())).size).toBe(1);
});

test('failures on our side cost no attempt, however many there are between', async () => {
  let made = 0;
  stage.receive = (_attempt, number) => {
    if (number % 5 !== 0) return OURS;
    made += 1;
    return FAILED;
  };
  const { after } = await stage.run();
  await expect(after.result()).rejects.toThrow('Workflow execution failed');
  expect(made).toBe(10);
  expect(stage.attempts.length).toBe(50);
});

test('Retry-After puts the next attempt off, by a day at most, and never brings it forward', async () => {
  const waits = [HOUR, SECOND, 300 * HOUR];
  stage.receive = (_attempt, number) => {
    const retryAfterMs = waits[number - 1];
    return retryAfterMs === undefined ? DELIVERED : { ...FAILED, retryAfterMs };
  };
  const { after } = await stage.run();
  await after.result();
  const [first = 0, second = 0, third = 0] = pauses();
  expect(first).toBeGreaterThanOrEqual(3_600);
  expect(second).toBeGreaterThanOrEqual(270);
  expect(third).toBeGreaterThanOrEqual(24 * 3_600);
  expect(third).toBeLessThan(25 * 3_600);
});

test('each destination has attempts of its own: one that is gone takes nothing from another', async () => {
  stage.follow = { keep: false, notify: ['gone', 'slow'] };
  stage.receive = ({ to }) => {
    if (to === 'gone') return { end: 'refused', message: 'HTTP 410' };
    return stage.attempts.filter((each) => each.to === 'slow').length < 3 ? FAILED : DELIVERED;
  };
  const { after } = await stage.run();
  await expect(after.result()).rejects.toThrow('Workflow execution failed');
  expect(stage.attempts.filter(({ to }) => to === 'gone')).toHaveLength(1);
  expect(stage.attempts.filter(({ to }) => to === 'slow')).toHaveLength(3);
});
