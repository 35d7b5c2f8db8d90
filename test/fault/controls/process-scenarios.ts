import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Index from '../../../src/index.js';
import { type Running, startCommand } from '../../support/processes.js';
import { resetRun } from '../../support/reset.js';
import { CARD, freshKey } from '../../support/stage.js';
import { until } from '../../support/until.js';
import { type Answer, answerOf, Callers } from '../callers.js';
import type { FaultStage } from '../fault-stage.js';
import { HttpCaller } from '../http-caller.js';
import type { ControlScenario, Ground } from './control.js';
import { sightingOf } from './sighting-of.js';

/** A backend and workers of the code under test, on a task queue of their own. */
interface Backend {
  readonly stage: FaultStage;
  readonly key: string;
  /** The folder of the code under test. */
  readonly dist: string;
  readonly renders: Index.Renders;
  startWorker(): Promise<Running>;
  /** Asks for the render, and waits for its end. */
  render(options?: Index.SubmitOptions): Promise<Answer | undefined>;
}

/** A scenario on real processes; it answers what callers were told. */
function onProcesses(
  name: string,
  happens: (backend: Backend) => Promise<readonly (Answer | undefined)[]>,
): ControlScenario {
  return {
    name,
    play: async (ground) => {
      const { stage } = ground;
      const workers: Running[] = [];
      const backend = await openBackend(ground, workers);
      try {
        const answers = await happens(backend);
        const accepted = (await stage.ledger.movies()).get(backend.key) ?? [];
        const told = answers.filter((answer) => answer !== undefined);
        return sightingOf(backend.key, { accepted, answers: told });
      } finally {
        await stage.client.workflow
          .getHandle(backend.key)
          .terminate('the control is over')
          .catch(() => undefined);
        for (const worker of workers) worker.kill('SIGKILL');
        await Promise.all(workers.map((worker) => worker.exit));
      }
    },
  };
}

async function openBackend({ dist, stage }: Ground, workers: Running[]): Promise<Backend> {
  const { Renders }: typeof Index = await import(pathToFileURL(join(dist, 'index.js')).href);
  const key = freshKey('control');
  const renders = new Renders({ client: stage.client, taskQueue: key });
  return {
    stage,
    key,
    dist,
    renders,
    startWorker: async () => {
      const worker = await startCommand(['worker'], { ...stage.env, RENDERONCE_TASK_QUEUE: key }, { dist });
      workers.push(worker);
      return worker;
    },
    render: async (options) => {
      const called = await renders.render(key, CARD, options).then(
        (value) => ({ value: { ...value } }),
        (error) => ({ error }),
      );
      return answerOf(key, called);
    },
  };
}

export const STARTED_AGAIN = onProcesses('a key whose render is done is started again', async (backend) => {
  const { renders, key } = backend;
  await backend.startWorker();
  const first = await backend.render();
  await renders.start(key, CARD);
  return [first, await backend.render()];
});

export const PUT_AGAIN = onProcesses(
  'a key whose render is done is put again through an HTTP server',
  async (backend) => {
    const { key, dist, stage } = backend;
    await backend.startWorker();
    const server = await startCommand(
      ['server', '--port', '0'],
      { ...stage.env, RENDERONCE_TASK_QUEUE: key },
      { dist },
    );
    const url = (): string => String(server.said['url']);
    const waiting = new Callers(new HttpCaller(url));
    const hasty = new Callers(new HttpCaller(url, undefined, 0));
    const cellKey = { key, wait: 'poll', outcome: 'done', resubmissions: 1 } as const;
    try {
      const first = await waiting.ask(cellKey);
      await hasty.callOnce(cellKey);
      return [first, await waiting.ask(cellKey)];
    } finally {
      await server.stop();
    }
  },
);

export const RESET = onProcesses('a run whose render is done is reset to its beginning', async (backend) => {
  const { stage, key } = backend;
  await backend.startWorker();
  const first = await backend.render();
  await resetRun(stage.client, key, 'first', false);
  return [first, await backend.render()];
});

export const KILLED_WHILE_SENDING = onProcesses(
  'a worker is killed between acceptance and the reply',
  async (backend) => {
    const { stage, key } = backend;
    const effect = { kind: 'park', at: 'after' } as const;
    await stage.fake.fault({ match: { call: 'create', key }, effect, times: 1 });
    const worker = await backend.startWorker();
    // The first heartbeat after the go-ahead is then 2.75 s away, and the worker is dead before it.
    const answer = backend.render({ submitTimeoutSeconds: 20 });
    await until('the movie is accepted', async () => (await stage.fake.movies(key)).length === 1);
    worker.kill('SIGKILL');
    await worker.exit;
    await backend.startWorker();
    return [await answer];
  },
);
