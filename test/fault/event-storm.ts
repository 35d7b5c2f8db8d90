import { createHash, randomUUID } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterId, type AfterRequest } from '../../src/render/event.js';
import { closedLoop } from '../../bench/measure/closed-loop.js';
import { EVENT_SECRET } from '../support/event-signature.js';
import { type Plant, plantDist } from '../support/planted-dist.js';
import { type Running, startCommand } from '../support/processes.js';
import { seededRandom } from '../support/random.js';
import { commandOf, openReceiver } from '../support/receivers.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import type { EngineKind } from '../support/stage-engine.js';
import { until } from '../support/until.js';
import { eventsOf } from './engine-view.js';
import { type DoorCounts, openFlakyDoor } from './flaky-door.js';
import { killAgainAndAgain } from './kill-receiver.js';

/** How a storm is played. */
interface EventStorm {
  readonly events: number;
  readonly seed: number;
  readonly say: (line: string) => void;
  readonly engine?: EngineKind;
  /** Bugs of the workers. */
  readonly plants?: readonly Plant[];
}

/** What was seen in a storm. */
export interface StormSeen extends DoorCounts {
  readonly events: number;
  readonly effects: number;
  readonly receiverKills: number;
  readonly workerKills: number;
  readonly seconds: number;
  readonly violations: readonly string[];
}

/** The schedule of attempts in seconds and not in days; nothing else of the workers changes. */
const SCHEDULE: Plant = {
  file: 'events/schedule.js',
  from: 'const PAUSES_MS = [',
  to: 'const PAUSES_MS = [250, 500, 1_000, 2_000, 2_000, 2_000, 2_000, 2_000, 2_000]; const DAYS_MS = [',
};

/** Starts of workflows at once. */
const AT_ONCE = 50;

/**
 * Sends many events to a receiver that fails, dies and comes back, and kills a worker in the middle. In the end every event
 * must have had one effect, and every signature must have been right. The ends of the renders are that of one real render:
 * `afterRender` is started for each as a render starts it.
 *
 * @returns a text that says why not if there is no receiver
 */
export async function playEventStorm(storm: EventStorm): Promise<StormSeen | string> {
  const command = await commandOf('typescript');
  if (typeof command === 'string') return command;
  const { engine = 'shared', plants = [] } = storm;
  const [stage, receiver, planted] = await Promise.all([
    openStage({ engine, provider: { renderSeconds: 0 } }),
    openReceiver(command, EVENT_SECRET),
    plantDist([SCHEDULE, ...plants]),
  ]);
  const door = await openFlakyDoor(receiver.url, seededRandom(storm.seed));
  const workers: Running[] = [];
  const startWorker = async (): Promise<void> => {
    const env = {
      ...stage.env,
      RENDERONCE_LOG_LEVEL: 'silent',
      RENDERONCE_EVENTS_URL: door.url,
      RENDERONCE_EVENTS_SECRET: EVENT_SECRET,
      RENDERONCE_EVENTS_PRIVATE: 'allow',
    };
    workers.push(await startCommand(['worker'], env, planted));
  };
  try {
    await receiver.start();
    await startWorker();
    const startedMs = Date.now();
    const killing = new AbortController();
    const kills = killAgainAndAgain(receiver, storm.events, killing.signal);
    const ids = await sendAll(stage, storm, async () => {
      workers.at(-1)?.kill('SIGKILL');
      await startWorker();
    });
    await allEnded(stage, ids.length, storm.say);
    killing.abort();
    const receiverKills = await kills;
    const seconds = (Date.now() - startedMs) / 1_000;
    const effects = await receiver.effects();
    const violations = await faultsOf(stage, ids, effects, door.counts);
    const seen = { ...door.counts, effects: [...effects.values()].reduce((sum, count) => sum + count, 0) };
    return {
      ...seen,
      events: ids.length,
      receiverKills,
      workerKills: workers.length - 1,
      seconds,
      violations,
    };
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await Promise.all(workers.map(({ exit }) => exit));
    await Promise.all([receiver.kill(), door.close(), planted.remove()]);
    await stage.close();
  }
}

/** Renders once, then starts what follows for so many keys. Returns the IDs of their events. */
async function sendAll(
  stage: Stage,
  { events, say }: EventStorm,
  inTheMiddle: () => Promise<void>,
): Promise<readonly string[]> {
  const key = freshKey('storm');
  await stage.renders.render(key, CARD);
  const { runId } = await stage.client.workflow.getHandle(key).describe();
  const [first] = await eventsOf(stage.client, afterId(key, runId));
  const [payload] = first?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const request = defaultPayloadConverter.fromPayload<AfterRequest>(payload ?? {});
  const sent = [{ key, firstRunId: runId }];
  let killed: Promise<void> | undefined;
  await closedLoop({ count: events - 1, atOnce: AT_ONCE }, async (index) => {
    const own = { key: `${key}-${index}`, firstRunId: randomUUID() };
    await stage.client.workflow.start('afterRender', {
      workflowId: afterId(own.key, own.firstRunId),
      taskQueue: stage.taskQueue,
      args: [{ ...request, ...own, end: { ...request.end, key: own.key } }],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      workflowExecutionTimeout: '60 days',
    });
    sent.push(own);
    if (index === Math.floor(events / 2)) killed = inTheMiddle();
    if (index % 1_000 === 999) say(`${index + 1} of ${events} renders have ended`);
  });
  await killed;
  const { namespace } = stage.client.options;
  // The rule of the documentation, and not the code that makes the IDs.
  return sent.map(({ key: each, firstRunId }) => {
    const subject = JSON.stringify([namespace, each, firstRunId, 'render.done']);
    return `evt_${createHash('sha256').update(subject).digest('base64url')}`;
  });
}

const STORM_MS = 900_000;

async function allEnded(stage: Stage, count: number, say: (line: string) => void): Promise<void> {
  let open = count;
  await until(
    () => `all events are sent: ${open} are left`,
    async () => {
      const left = count - (await countOf(stage, "ExecutionStatus != 'Running'"));
      if (Math.floor(left / 1_000) < Math.floor(open / 1_000)) say(`${left} events are left`);
      open = left;
      return left <= 0;
    },
    STORM_MS,
    500,
  );
}

async function countOf({ client, taskQueue }: Stage, condition: string): Promise<number> {
  const query = `WorkflowType = 'afterRender' AND TaskQueue = '${taskQueue}' AND ${condition}`;
  return (await client.workflow.count(query)).count;
}

async function faultsOf(
  stage: Stage,
  ids: readonly string[],
  effects: ReadonlyMap<string, number>,
  { unsigned }: DoorCounts,
): Promise<readonly string[]> {
  const expected = new Set(ids);
  const lost = ids.filter((id) => !effects.has(id)).length;
  const twice = ids.filter((id) => (effects.get(id) ?? 0) > 1).length;
  const foreign = [...effects.keys()].filter((id) => !expected.has(id)).length;
  const undelivered = await countOf(stage, "ExecutionStatus = 'Failed'");
  return [
    ...(lost === 0 ? [] : [`${lost} events had no effect`]),
    ...(twice === 0 ? [] : [`${twice} events had more than one effect`]),
    ...(foreign === 0 ? [] : [`${foreign} effects have an ID that no event has`]),
    ...(undelivered === 0 ? [] : [`${undelivered} events were given up`]),
    ...(unsigned === 0 ? [] : [`${unsigned} requests were signed wrongly`]),
  ];
}
