import { once, setMaxListeners } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Context } from '@temporalio/activity';
import { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { type FakeJson2Video, startFakeJson2Video } from 'json2video-local';
import { inject } from 'vitest';
import { type Activities, createActivities } from '../../src/activities/index.js';
import { createJson2Video, type Json2Video } from '../../src/json2video/client.js';
import type { RenderIndex } from '../../src/temporal/render-index.js';
import { createWebhookListener, signToken } from '../../src/receiver/index.js';
import { freshKey, SECRET } from './stage.js';
import type { SweptCell } from './switch-sweep.js';
import { hostRenders, openSkippedTime } from './time-skipping.js';

/** Changes the client of a cell: a planted fault. */
export type Plant = (json2video: Json2Video) => Json2Video;

/** A cell on stage, with a provider and a client of its own. */
export interface CellStage {
  readonly cell: SweptCell;
  readonly fake: FakeJson2Video;
  readonly json2video: Json2Video;
  /** Returns the key of a render of the cell. */
  readonly keyOf: (name: string) => string;
}

const DAY_MS = 86_400_000;

/** One time-skipping engine and one worker, on which every cell has its own provider. */
export class SweepStage {
  readonly env: TestWorkflowEnvironment;
  /** Does not let time skip while it waits: the sweep moves the time. */
  readonly client: Client;
  readonly #over = new AbortController();
  readonly #stops: (() => unknown)[] = [];
  readonly #activities = new Map<string, Activities>();
  #callbacks = '';

  private constructor(env: TestWorkflowEnvironment) {
    this.env = env;
    setMaxListeners(0, this.#over.signal);
    this.client = new Client({ connection: env.connection });
  }

  static async open(): Promise<SweepStage> {
    const env = await openSkippedTime();
    const stage = new SweepStage(env);
    const code = { bundle: inject('workflowBundle'), createActivities: () => stage.#dispatching() };
    // The activities bring their own clients.
    stage.#stops.push(await hostRenders(env, undefined as never, true, code));
    await stage.#startReceiver();
    return stage;
  }

  /** Runs calls that wait. They end with the stage: the SDK would repeat them on a connection that is closed. */
  waiting<T>(call: () => Promise<T>): Promise<T> {
    return this.env.connection.withAbortSignal(this.#over.signal, call);
  }

  sleep(ms: number): Promise<void> {
    return this.waiting(() => this.env.sleep(ms));
  }

  async close(): Promise<void> {
    this.#over.abort();
    for (const stop of this.#stops.toReversed()) await stop();
  }

  async openCell(cell: SweptCell, plant: Plant = (json2video) => json2video): Promise<CellStage> {
    const startAt = await this.env.currentTimeMs();
    const fake = await startFakeJson2Video({ seed: 1, fixedClock: true, startAt, ...cell.fake });
    this.#stops.push(() => fake.close());
    const now = Date.now;
    const json2video = plant(createJson2Video({ url: fake.url, apiKey: fake.apiKey, now }));
    this.#stops.push(() => json2video.close());
    const name = freshKey('cell');
    const callbackUrl = (key: string): string => this.callbackUrl(key);
    const monotonicNow = (): number => performance.now();
    const indexOf = (): RenderIndex => ledgerIndex(fake, json2video.account);
    this.#activities.set(name, createActivities({ json2video, callbackUrl, now, monotonicNow, indexOf }));
    return { cell, fake, json2video, keyOf: (render) => `${name}:${render}` };
  }

  /** Returns the address to which the provider reports the end of a render. */
  callbackUrl(key: string): string {
    return `${this.#callbacks}/json2video/${signToken(key, new Date(Date.now() + DAY_MS), [SECRET])}`;
  }

  /** Makes activities that go to the provider of the cell that their key names. */
  #dispatching(): Activities {
    const own = (): Activities => {
      const [name = ''] = (Context.current().info.workflowExecution?.workflowId ?? '').split(':');
      const activities = this.#activities.get(name);
      if (activities === undefined) throw new Error(`no cell is named ${name}`);
      return activities;
    };
    return {
      submitMovie: (...given) => own().submitMovie(...given),
      findMovie: (...given) => own().findMovie(...given),
      claimMovie: (...given) => own().claimMovie(...given),
      checkMovie: (...given) => own().checkMovie(...given),
      confirmMovie: (...given) => own().confirmMovie(...given),
      awaitReady: (...given) => own().awaitReady(...given),
      findFollowed: (...given) => own().findFollowed(...given),
      awaitLate: (...given) => own().awaitLate(...given),
      keepVideo: (...given) => own().keepVideo(...given),
      sendEvent: (...given) => own().sendEvent(...given),
      askRuns: (...given) => own().askRuns(...given),
    };
  }

  async #startReceiver(): Promise<void> {
    const listener = createWebhookListener({ client: this.client, secrets: [SECRET] });
    const server = createServer((request, response) => void listener(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#callbacks = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.#stops.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
  }
}

/** This engine has no index: the movies of the ledger stand for it. */
function ledgerIndex(fake: FakeJson2Video, own: string): RenderIndex {
  return {
    acceptedBy: async (account) =>
      fake.movies().flatMap(({ key, project, createdAt }) => {
        const startedAtMs = Date.parse(createdAt);
        return key === undefined || account !== own ? [] : [{ key, project, startedAtMs }];
      }),
    runsOf: async () => [],
  };
}
