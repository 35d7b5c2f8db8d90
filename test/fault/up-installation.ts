import { killIfAlive, type Part, partOf, PARTS } from '../support/family.js';
import { lastingPort } from '../support/lasting-port.js';
import { type Running, startCommand } from '../support/processes.js';
import { pick, type Random, shuffled } from '../support/random.js';

/** Renders of some seconds, so that many are in flight at each kill. */
const TIME_SCALE = '2';

const ENV = { RENDERONCE_LOG_LEVEL: 'silent' };

/** One installation by `renderonce up --local`, which is started again whenever it ends, as systemd does it. */
export class Installation {
  readonly #args: readonly string[];
  up: Running;
  readonly token: string;

  private constructor(args: readonly string[], up: Running) {
    this.#args = args;
    this.up = up;
    this.token = String(up.said['token']);
  }

  static async start(data: string): Promise<Installation> {
    const ports: string[] = [];
    for (const name of ['port', 'engine-port', 'ui-port', 'fake-port']) {
      ports.push(`--${name}`, String(await lastingPort()));
    }
    const args = ['up', '--local', '--time-scale', TIME_SCALE, '--data', data, ...ports];
    return new Installation(args, await startCommand(args, ENV));
  }

  async startAgain(): Promise<void> {
    await this.up.exit;
    this.up = await startCommand(this.#args, ENV);
  }

  async call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const reply = await fetch(`${String(this.up.said['url'])}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(40_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { ...((await reply.json()) as object), status: reply.status };
  }
}

const ALL = Object.keys(PARTS) as Part[];

/**
 * In the first rounds each process in its turn, then all, then an engine loses owner and guard, then random ones. Returns
 * the names of those that were killed.
 */
export async function strike(place: Installation, round: number, random: Random): Promise<readonly string[]> {
  const { pid } = place.up;
  const turns: (readonly (Part | 'up')[])[] = [
    ...ALL.map((part) => [part]),
    ['up'],
    ['up', ...ALL],
    ['up', 'guard'],
  ];
  const chosen = turns[round - 1] ?? randomParts(random);
  const victims = chosen.flatMap((name) => {
    const victim = name === 'up' ? pid : partOf(pid, name);
    return victim === undefined ? [] : [{ name, victim }];
  });
  const killed = victims.filter(({ victim }) => killIfAlive(victim));
  if (chosen.includes('up')) await place.startAgain();
  return killed.map(({ name }) => name);
}

function randomParts(random: Random): readonly (Part | 'up')[] {
  const count = pick(random, [1, 1, 2, 3, ALL.length + 1]);
  return shuffled<Part | 'up'>(random, ['up', ...ALL]).slice(0, count);
}
