import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

const line = z.looseObject({ level: z.number(), time: z.number(), msg: z.string() });
type Line = z.infer<typeof line>;

const key = freshKey('logged');
let stage: Stage;
let worker: Running;
let receiver: Running;
let project: string;
beforeAll(async () => {
  stage = await openStage({ provider: { timeScale: 5 } });
  const loud = { RENDERONCE_LOG_LEVEL: 'debug' };
  receiver = await stage.startReceiver(loud);
  worker = await stage.startWorker(loud);
  ({ project } = await stage.renders.render(key, CARD));
  await Promise.all([worker.stop(), receiver.stop()]);
});
afterAll(() => stage.close());

/** What is not on a terminal is JSON, a line each. */
const linesOf = ({ stderr }: Running): Line[] =>
  stderr()
    .trimEnd()
    .split('\n')
    .map((text) => line.parse(JSON.parse(text)));

test('every line of the worker about a render names its key, under this name', () => {
  const about = linesOf(worker).filter((each) => JSON.stringify(each).includes(key) || 'runId' in each);
  expect(about.length).toBeGreaterThan(8);
  expect(about.filter((each) => each['key'] !== key)).toEqual([]);
});

test('every line of the worker names the project once the render has one', () => {
  const lines = linesOf(worker);
  const accepted = lines.findIndex(({ msg }) => msg === 'render rendering');
  const about = lines
    .slice(accepted)
    .filter((each) => 'key' in each && each['activityType'] !== 'submitMovie')
    // Noted by the SDK before it has read what the activity is about.
    .filter(({ msg }) => msg !== 'Activity started');
  expect(about.map(({ msg }) => msg)).toContain('render done');
  expect(about.map(({ activityType }) => activityType)).toContain('checkMovie');
  expect(about.filter((each) => each['project'] !== project)).toEqual([]);
});

test('the receiver names key and project of what it took, and never the address that was called', () => {
  const taken = linesOf(receiver).filter(({ msg }) => msg === 'webhook delivery');
  expect(taken).toEqual([expect.objectContaining({ level: 30, key, project, answer: 'taken' })]);
  expect(receiver.stderr()).not.toContain('v1.');
});
