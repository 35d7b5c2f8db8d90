import { defaultPayloadConverter } from '@temporalio/common';
import { afterId } from '../../src/render/event.js';
import { Renders } from '../../src/starter.js';
import { EVENT_SECRET, isSignedRight } from '../support/event-signature.js';
import { type ReceivedEvent, startEventReceiver } from '../support/event-receiver.js';
import { type Env, type Running, startCommand } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import type { EngineKind } from '../support/stage-engine.js';
import { until } from '../support/until.js';
import { deferred } from '../unit/raw-server.js';
import { eventsOf } from './engine-view.js';
import type { EventPoint } from './event-points.js';
import { openTcpProxy } from './tcp-proxy.js';

/** How points are played. */
interface EventKills {
  readonly points: readonly EventPoint[];
  /** Keys whose events stand at a point when its worker is killed; 1 by default. */
  readonly keysOfEach?: number;
  readonly say: (line: string) => void;
  readonly engine?: EngineKind;
  /** The compiled project of the workers, for planted bugs and shorter times. */
  readonly dist?: string;
}

/**
 * Kills a worker by SIGKILL at each point, and starts another one. Then every event must have had one effect, under one ID
 * and signed, and attempts that were lost with a worker must not count. Returns a line for each violation: its point, its key, and
 * what was wrong.
 */
export async function playEventKills(kills: EventKills): Promise<readonly string[]> {
  const { engine = 'shared' } = kills;
  const stage = await openStage({ engine, provider: { renderSeconds: 0 } });
  try {
    const lines = await Promise.all(kills.points.map((point) => playPoint(stage, point, kills)));
    return lines.flat();
  } finally {
    await stage.close();
  }
}

/** A killed worker's attempt is repeated after 30 s. */
const PATIENCE_MS = 120_000;

async function playPoint(
  stage: Stage,
  point: EventPoint,
  { say, dist, keysOfEach = 1 }: EventKills,
): Promise<readonly string[]> {
  const keys = Array.from({ length: keysOfEach }, () => freshKey('event'));
  const isKilled = deferred();
  const engine = await openTcpProxy(Number(stage.engine.address.split(':')[1]));
  const reached = deferred();
  const effects: ReceivedEvent[] = [];
  const firsts = new Map<string, { effect: () => void; answer: (status: number) => void }>();
  const receiver = await startEventReceiver((response, event) => {
    // The receiver's table of IDs: they are stored with the effect.
    const effect = (): void =>
      void (effects.some((each) => idOf(each) === idOf(event)) || effects.push(event));
    const answer = (status: number): void => void response.writeHead(status).end();
    if (point.first === undefined || firsts.has(keyOf(event))) {
      effect();
      answer(204);
      return;
    }
    // A receiver that was slow has its effect beside that of the next delivery.
    if (point.name === 'before the effect') void isKilled.promise.then(effect);
    firsts.set(keyOf(event), { effect, answer });
    if (firsts.size < keys.length) return;
    const all = [...firsts.values()];
    void point
      .first({
        effect: () => all.forEach((each) => each.effect()),
        answer: (status) => all.forEach((each) => each.answer(status)),
        engine,
        stage,
        workflowIds: () => Promise.all(keys.map((key) => workflowOf(stage, key))),
      })
      .then(reached.resolve, reached.reject);
  });
  const line = await openTcpProxy(receiver.port);
  if (point.isUnsent === true) line.requests.hold();
  const workers: Running[] = [];
  try {
    const taskQueue = freshKey('events');
    const start = async (more: Env): Promise<void> => {
      const env = { ...stage.env, RENDERONCE_TASK_QUEUE: taskQueue, ...destination(receiver.url), ...more };
      workers.push(await startCommand(['worker'], env, { dist }));
    };
    await start({
      TEMPORAL_ADDRESS: `127.0.0.1:${engine.port}`,
      ...(point.isUnsent === true ? destination(`http://127.0.0.1:${line.port}/`) : {}),
    });
    const renders = new Renders({ client: stage.client, taskQueue });
    await Promise.all(keys.map((key) => renders.submitOnce(key, CARD)));
    if (point.isUnsent === true) {
      await until('the requests are written', () => line.requests.heldTexts().length === keys.length);
    } else await reached.promise;
    workers[0]?.kill('SIGKILL');
    await workers[0]?.exit;
    isKilled.resolve();
    await start({});
    const faults = await Promise.all(
      keys.map((key) => faultsOf(stage, key, point, { received: receiver.received, effects })),
    );
    say(`${faults.flat().length === 0 ? 'ok  ' : 'FAIL'} killed ${point.name}, ${keys.length} keys`);
    return faults.flat().map((fault) => `killed ${point.name}: ${fault}`);
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await Promise.all(workers.map(({ exit }) => exit));
    await Promise.all([engine.close(), line.close(), receiver.stop()]);
  }
}

async function workflowOf({ client }: Stage, key: string): Promise<string> {
  return afterId(key, (await client.workflow.getHandle(key).describe()).runId);
}

const destination = (url: string): Env => ({
  RENDERONCE_EVENTS_URL: url,
  RENDERONCE_EVENTS_SECRET: EVENT_SECRET,
  RENDERONCE_EVENTS_PRIVATE: 'allow',
});

const idOf = ({ headers }: ReceivedEvent): string => String(headers['webhook-id']);
const keyOf = ({ body }: ReceivedEvent): string => (JSON.parse(body) as { data: { key: string } }).data.key;

async function faultsOf(
  stage: Stage,
  key: string,
  { requests, attempts }: EventPoint,
  all: { readonly received: readonly ReceivedEvent[]; readonly effects: readonly ReceivedEvent[] },
): Promise<string[]> {
  const workflowId = await workflowOf(stage, key);
  const handle = stage.client.workflow.getHandle(workflowId);
  const isDone = await until(
    'the event is sent',
    async () => (await handle.describe()).status.name !== 'RUNNING',
    PATIENCE_MS,
  ).catch(() => false);
  const counted = await attemptsOf(stage, workflowId);
  const isIts = (event: ReceivedEvent): boolean => keyOf(event) === key;
  const [received, effects] = [all.received.filter(isIts), all.effects.filter(isIts)];
  return [
    ...(isDone ? [] : ['the event is not sent']),
    ...(effects.length === 1 ? [] : [`${effects.length} effects`]),
    ...(new Set(received.map(idOf)).size <= 1 ? [] : ['the ID has changed']),
    ...(received.every(isSignedRight) ? [] : ['an event is not signed']),
    ...(received.length === requests ? [] : [`${received.length} requests, and not ${requests}`]),
    ...(counted === attempts ? [] : [`${counted} attempts are counted, and not ${attempts}`]),
  ].map((fault) => `${key}: ${fault}`);
}

/** Returns the attempts that the activity has counted; undefined if it has not completed. */
async function attemptsOf({ client }: Stage, workflowId: string): Promise<number | undefined> {
  for (const { activityTaskCompletedEventAttributes: end } of await eventsOf(client, workflowId)) {
    const [payload] = end?.result?.payloads ?? [];
    if (payload) return defaultPayloadConverter.fromPayload<{ attempts: number }>(payload).attempts;
  }
  return undefined;
}
