import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { ApplicationFailure, Client, WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { type FakeJson2Video, startFakeJson2Video } from 'json2video-local';
import { inject } from 'vitest';
import { type Activities, createActivities } from '../../src/activities/index.js';
import { audit, type AuditReport } from '../../src/audit/index.js';
import { createJson2Video, type Json2Video } from '../../src/json2video/client.js';
import { createWebhookListener, signToken } from '../../src/receiver/index.js';
import type { Outcome } from '../../src/render/outcome.js';
import { Renders } from '../../src/starter.js';
import type { SweptCell, SweptRender } from './switch-sweep.js';
import { hostRenders, openSkippedTime } from './time-skipping.js';

/** Changes the client of a cell: a planted fault. */
export type Plant = (json2video: Json2Video) => Json2Video;

/** A cell, and the fault of its client. */
export type SweptClient = readonly [cell: SweptCell, plant?: Plant];

/** One render as its caller saw it. */
export interface Played {
  readonly render: SweptRender;
  readonly key: string;
  /** The outcome's status, the type of a failure, or `never ended`. */
  readonly end: string;
  readonly project: string | undefined;
}

/** A played cell. */
export interface PlayedCell {
  readonly fake: FakeJson2Video;
  readonly played: readonly Played[];
  readonly report: AuditReport;
}

/** A cell with the provider and the client of its own. */
class CellStage {
  readonly cell: SweptCell;
  readonly fake: FakeJson2Video;
  readonly json2video: Json2Video;
  /** Part of every key of the cell. */
  readonly name = `cell-${randomUUID().slice(0, 8)}`;
  readonly played: Played[] = [];

  constructor(cell: SweptCell, fake: FakeJson2Video, json2video: Json2Video) {
    this.cell = cell;
    this.fake = fake;
    this.json2video = json2video;
  }

  /** The provider's clock follows the engine's. */
  follow(nowMs: number): void {
    this.fake.advance(Math.max(0, nowMs - this.fake.now()) / 1000);
  }
}

const SECRET = 'a-secret-of-the-sweep-that-is-long-enough';
const DAY_MS = 86_400_000;

/** The shortest doubt that the options allow. */
const TERMS = { submitTimeoutSeconds: 5, settleSeconds: 30, errorGraceSeconds: 10 } as const;

/** Longer than any doubt and any render of a cell, on the engine's clock. */
const PATIENCE_MS = 2 * 3_600_000;

/** Cells that share an engine. After many renders this engine no longer skips time, so that each batch gets its own. */
const CELLS_AT_ONCE = 12;

/** Plays all cells, in batches. */
export async function sweep(cells: readonly SweptClient[]): Promise<PlayedCell[]> {
  const played: PlayedCell[] = [];
  for (let from = 0; from < cells.length; from += CELLS_AT_ONCE) {
    const stage = await SweepStage.open();
    try {
      played.push(...(await stage.play(cells.slice(from, from + CELLS_AT_ONCE))));
    } finally {
      await stage.close();
    }
  }
  return played;
}

/** One time-skipping engine and one worker, on which every cell has its own provider. */
class SweepStage {
  readonly #stops: (() => unknown)[] = [];
  readonly #activities = new Map<string, Activities>();
  readonly #env: TestWorkflowEnvironment;
  /** Waits for results without letting time skip: this stage moves the time. */
  readonly #client: Client;
  #callbacks = '';

  private constructor(env: TestWorkflowEnvironment) {
    this.#env = env;
    this.#client = new Client({ connection: env.connection });
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

  async close(): Promise<void> {
    for (const stop of this.#stops.toReversed()) await stop();
  }

  /** Plays all renders of all cells at once, those that repeat a movie after them, and then an audit of each cell. */
  async play(cells: readonly SweptClient[]): Promise<PlayedCell[]> {
    const stages = await Promise.all(cells.map(([cell, plant]) => this.#openCell(cell, plant)));
    await this.#playAll(stages, false);
    await this.#playAll(stages, true);
    return Promise.all(
      stages.map(async (stage) => {
        const { fake, played } = stage;
        return { fake, played, report: await this.#audit(stage) };
      }),
    );
  }

  async #openCell(cell: SweptCell, plant: Plant = (json2video) => json2video): Promise<CellStage> {
    const startAt = await this.#env.currentTimeMs();
    const fake = await startFakeJson2Video({ seed: 1, fixedClock: true, startAt, ...cell.fake });
    this.#stops.push(() => fake.close());
    const now = Date.now;
    const json2video = plant(createJson2Video({ url: fake.url, apiKey: fake.apiKey, now }));
    this.#stops.push(() => json2video.close());
    const stage = new CellStage(cell, fake, json2video);
    const callbackUrl = (key: string): string => this.#callbackUrl(key);
    const monotonicNow = (): number => performance.now();
    this.#activities.set(stage.name, createActivities({ json2video, callbackUrl, now, monotonicNow }));
    return stage;
  }

  #callbackUrl(key: string): string {
    return `${this.#callbacks}/json2video/${signToken(key, new Date(Date.now() + DAY_MS), [SECRET])}`;
  }

  async #playAll(stages: readonly CellStage[], isRepeat: boolean): Promise<void> {
    let open = 0;
    const play = async (stage: CellStage, render: SweptRender): Promise<void> => {
      open += 1;
      stage.played.push(await this.#render(stage, render));
      open -= 1;
    };
    const playing = stages.flatMap((stage) =>
      stage.cell.renders
        .filter((render) => (render.isRepeat ?? false) === isRepeat)
        .map((render) => play(stage, render)),
    );
    const startMs = await this.#env.currentTimeMs();
    for (let elapsedMs = 0; open > 0;) {
      await this.#env.sleep(stepMs(elapsedMs));
      const nowMs = await this.#env.currentTimeMs();
      elapsedMs = nowMs - startMs;
      for (const stage of stages) stage.follow(nowMs);
      if (elapsedMs > 10_000) this.#buyCredits(stages);
      if (elapsedMs > PATIENCE_MS) break;
      // Callbacks are on their way.
      await pause(10);
    }
    if (open === 0) await Promise.all(playing);
    else for (const stage of stages) this.#giveUp(stage, isRepeat);
  }

  #buyCredits(stages: readonly CellStage[]): void {
    for (const { cell, fake } of stages) {
      if (cell.buysCredits !== undefined && fake.credits().balance === 0) fake.addCredits(cell.buysCredits);
    }
  }

  #giveUp({ cell, played, name }: CellStage, isRepeat: boolean): void {
    for (const render of cell.renders) {
      if ((render.isRepeat ?? false) !== isRepeat || played.some((each) => each.render === render)) continue;
      played.push({ render, key: `${name}:${render.name}`, end: 'never ended', project: undefined });
    }
  }

  async #render({ fake, name }: CellStage, render: SweptRender): Promise<Played> {
    const key = `${name}:${render.name}`;
    if (render.fault !== undefined) {
      fake.fault({ match: { call: 'create', key }, effect: render.fault, times: 1 });
    }
    const movie = render.movie(render.isRepeat === true ? `${name}:card` : key, this.#callbackUrl(key));
    const options = { ...TERMS, ...render.options };
    const fingerprint = 'f'.repeat(64);
    const handle = await this.#client.workflow.start<(request: unknown) => Promise<Outcome>>('renderMovie', {
      workflowId: key,
      taskQueue: 'renderonce',
      args: [{ movie, fingerprint, caller: randomUUID(), options }],
      memo: { fingerprint },
      workflowExecutionTimeout: '30 days',
    });
    try {
      const { status, project } = await handle.result();
      return { render, key, end: status, project };
    } catch (error) {
      const cause = error instanceof WorkflowFailedError ? error.cause : error;
      const end = cause instanceof ApplicationFailure ? String(cause.type) : String(cause);
      return { render, key, end, project: undefined };
    }
  }

  /** Audits the provider's whole list, with a movie in it that is not ours. */
  async #audit({ fake, json2video }: CellStage): Promise<AuditReport> {
    fake.setSwitches({ rateLimit: 'off', listLagSeconds: 0 });
    fake.clearFaults();
    fake.addCredits(1_000);
    const body = JSON.stringify({ scenes: [{ duration: 1, elements: [{ type: 'text', text: 'foreign' }] }] });
    await fetch(`${fake.url}/v2/movies`, { method: 'POST', headers: { 'x-api-key': fake.apiKey }, body });
    const renders = new Renders({ client: this.#client });
    const nowMs = fake.now();
    return audit({
      json2video,
      // This engine has no index; an audit then asks about each key.
      renders: { list: async function* () {}, status: (key) => renders.status(key) },
      namespace: 'default',
      retentionDays: 30,
      since: new Date(nowMs - DAY_MS),
      until: new Date(nowMs + DAY_MS),
      now: () => nowMs,
    });
  }

  /** Activities that go to the provider of the cell that their key names. */
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
    };
  }

  async #startReceiver(): Promise<void> {
    const listener = createWebhookListener({ client: this.#client, secrets: [SECRET] });
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

/** Small steps while doubts are settled and renders end, large ones for those that take long. */
function stepMs(elapsedMs: number): number {
  if (elapsedMs < 100_000) return 2_000;
  return elapsedMs < 1_200_000 ? 20_000 : 120_000;
}
