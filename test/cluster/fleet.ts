import { pick, type Random } from '../support/random.js';
import { type Env, type Running, startCommand } from '../support/processes.js';
import { until } from '../support/until.js';

/** One version of the workers: the code that runs, and the variables that name it. */
export interface Build {
  readonly name: string;
  /** The folder of the compiled project; what is published by default. */
  readonly dist?: string;
  readonly env?: Env;
}

interface Slot {
  readonly build: Build;
  readonly env: Env;
  worker: Running;
}

/** Workers as processes; each is replaced by one of its build when it is killed. */
export class Fleet {
  readonly #envs: readonly Env[];
  #slots: Slot[] = [];
  #last: Promise<unknown> = Promise.resolve();

  /** Builds of the workers that were killed. */
  readonly killed: string[] = [];

  /** Workers take the variables in turns. */
  constructor(envs: readonly Env[]) {
    this.#envs = envs;
  }

  add(build: Build, count: number): Promise<void> {
    return this.#inTurn(async () => {
      const starts = Array.from({ length: count }, async (_, index) => {
        const env = { ...this.#envs[index % this.#envs.length], ...build.env };
        this.#slots.push({ build, env, worker: await startWorker(build, env) });
      });
      await Promise.all(starts);
    });
  }

  /** Stops the workers of a build as a deployment does: by SIGTERM, one after the other. */
  retire(build: Build): Promise<void> {
    return this.#inTurn(async () => {
      const retired = this.#slots.filter((each) => each.build === build);
      this.#slots = this.#slots.filter((each) => each.build !== build);
      for (const { worker } of retired) await worker.stop();
    });
  }

  /** Kills one worker by SIGKILL and replaces it. */
  killOne(random: Random): Promise<void> {
    return this.#inTurn(async () => {
      const slot = pick(random, this.#slots);
      slot.worker.kill('SIGKILL');
      await slot.worker.exit;
      this.killed.push(slot.build.name);
      slot.worker = await until('a killed worker is replaced', () => replacement(slot), 120_000);
    });
  }

  async close(): Promise<void> {
    await this.#last;
    for (const { worker } of this.#slots) worker.kill('SIGKILL');
    await Promise.all(this.#slots.map(({ worker }) => worker.exit));
    this.#slots = [];
  }

  /** Nothing is killed while a deployment changes the workers. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** Starts a worker as a supervisor does: again and again while its Temporal server is away. */
async function replacement({ build, env }: Slot): Promise<Running | undefined> {
  try {
    return await startWorker(build, env);
  } catch (error) {
    if (error instanceof Error && error.message.includes('EngineUnavailable')) return undefined;
    throw error;
  }
}

function startWorker({ dist }: Build, env: Env): Promise<Running> {
  return startCommand(['worker'], env, { dist });
}
