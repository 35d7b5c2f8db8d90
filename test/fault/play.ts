import { hostWorker } from '../support/hosted.js';
import { type Env, type Running, startCommand } from '../support/processes.js';
import type { CellKey } from './aim.js';
import type { Answer, Callers } from './callers.js';
import type { Sighting, Violation } from './check.js';
import { closeCell, type CellParts } from './close-cell.js';
import type { FaultStage } from './fault-stage.js';
import { type FaultyWorker, startFaultyWorker } from './faulty-worker.js';
import { HttpCaller } from './http-caller.js';
import { observe } from './observe.js';
import { type Asked, type Backend, Starter } from './starter.js';

/** What a cell has seen, and when it was struck. */
export interface RunResult extends Sighting {
  readonly struckAtMs: number;
}

/** What has happened, and to which keys. */
export type Fired = Record<string, readonly string[]>;

/** Noted for the keys about which a server has answered. */
export const OVER_HTTP = 'asked over HTTP';

/** A hundred callers come from one address, and repeat. */
const NO_RATE_LIMIT = { RENDERONCE_REQUESTS_PER_MINUTE: '1000000' };

/** Those who ask, and what they will have been told. */
export interface Asking {
  readonly callers: Callers;
  readonly answers: readonly Promise<Answer | undefined>[];
  /** What else must hold, asked when all have been told. */
  readonly check?: () => Promise<readonly Violation[]>;
}

/** A cell under way: what it takes is taken from it in the end. */
export class Play {
  readonly stage: FaultStage;
  readonly keys: readonly CellKey[];
  readonly parts: CellParts;
  readonly fired: Fired = {};
  readonly taskQueue: string;

  constructor(stage: FaultStage, keys: readonly CellKey[], taskQueue: string) {
    this.stage = stage;
    this.keys = keys;
    this.parts = { stage, keys, workers: [], hosted: [], starters: [], services: [], proxies: [] };
    this.taskQueue = taskQueue;
  }

  async startWorker(env: Env = {}): Promise<FaultyWorker> {
    const worker = await startFaultyWorker(this.stage, this.taskQueue, env);
    this.parts.workers.push(worker);
    return worker;
  }

  /** A receiver of the cell's own, beside the stage's. */
  async startReceiver(port: number): Promise<Running> {
    const args = ['receiver', '--port', String(port)];
    const receiver = await startCommand(args, this.stage.env);
    this.parts.services.push(receiver);
    return receiver;
  }

  /** Starts a worker that nothing happens to. */
  async startSafeWorker(env: Env = {}): Promise<void> {
    if (!this.stage.isHosting) return void (await this.startWorker(env));
    const { engine, fake, env: found } = this.stage;
    const own = { RENDERONCE_TASK_QUEUE: this.taskQueue, JSON2VIDEO_URL: fake.url };
    this.parts.hosted.push(await hostWorker(engine, { ...found, ...own, ...env }));
  }

  /** Starts an HTTP server of the cell's own. */
  async startServer(address: string = this.stage.engine.address): Promise<Running> {
    const own = { RENDERONCE_TASK_QUEUE: this.taskQueue, TEMPORAL_ADDRESS: address, ...NO_RATE_LIMIT };
    const server = await startCommand(['server', '--port', '0'], { ...this.stage.env, ...own });
    this.parts.services.push(server);
    return server;
  }

  /** A caller of a server, which notes the keys about which it has an answer. */
  httpCaller(server: () => Running): HttpCaller {
    const note = (key: string): void => {
      const keys = this.fired[OVER_HTTP] ?? [];
      if (!keys.includes(key)) this.fired[OVER_HTTP] = [...keys, key];
    };
    this.fired[OVER_HTTP] ??= [];
    return new HttpCaller(() => String(server().said['url']), note);
  }

  /** A backend that nothing happens to. */
  backend(): Promise<Backend> {
    return this.stage.backend(this.taskQueue);
  }

  /** Something that answers callers and that nothing happens to. */
  async asked(via?: 'http'): Promise<Asked> {
    if (via === undefined) return this.backend();
    const server = await this.startServer();
    return this.httpCaller(() => server);
  }

  async startStarter(address: string = this.stage.engine.address): Promise<Starter> {
    const starter = await Starter.start(address);
    this.parts.starters.push(starter);
    return starter;
  }

  /** Notes that something has happened to these keys. */
  note(what: string, keys: readonly CellKey[]): void {
    this.fired[what] = keys.map(({ key }) => key);
  }
}

/** Faults are over; from then on a key has this long: two attempts in doubt, a look that died, two safety checks. */
const LIVENESS_MS = 300_000;

/** Plays a cell to its end. Never throws for what the product did, only where the cell itself could not be played. */
export async function playCell(play: Play, act: () => Promise<Asking>): Promise<RunResult> {
  let left: readonly string[] = [];
  let told: Awaited<ReturnType<typeof allTold>>;
  let struckAtMs: number;
  try {
    const asking = await act();
    struckAtMs = Date.now();
    told = await allTold(asking);
  } finally {
    left = await closeCell(play.parts);
  }
  const observed = await observe(play.stage, play.keys, told.answers);
  return { observed, fired: play.fired, left, unexpected: told.unexpected, struckAtMs };
}

async function allTold({ callers, answers, check }: Asking) {
  const timer = setTimeout(() => callers.stop(), LIVENESS_MS);
  try {
    const all = await Promise.all(answers);
    return {
      answers: all.filter((answer) => answer !== undefined),
      unexpected: (await check?.()) ?? [],
    };
  } finally {
    clearTimeout(timer);
  }
}
