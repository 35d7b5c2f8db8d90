import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { BUILD } from '../support/compiled.js';
import { watched } from '../support/processes.js';

const PROCESS = fileURLToPath(new URL('./starter-process.mjs', import.meta.url));

const refusal = z.object({
  code: z.string(),
  message: z.string(),
  project: z.string().optional(),
  state: z.string().optional(),
  outcome: z.object({ status: z.string(), project: z.string() }).optional(),
});
const reply = z.union([
  z.object({ id: z.number(), error: refusal }),
  z.object({ id: z.number(), value: z.object({ project: z.string().optional() }).loose() }),
]);

/** How a call of a starter process ended; `gone` where the process ended before the call. */
export type Called =
  | { readonly value: Readonly<Record<string, unknown>> }
  | { readonly error: z.output<typeof refusal> }
  | { readonly gone: true };

type Call = 'render' | 'submitOnce' | 'start' | 'status';

/** Submits a movie under a key, by whatever way; `render` waits for the end, too. */
export interface Asked {
  call(call: 'render' | 'submitOnce', key: string, movie: unknown, options: object): Promise<Called>;
}

/** Calls the starter, on one task queue. */
export interface Backend extends Asked {
  call(call: Call, ...args: readonly unknown[]): Promise<Called>;
}

/** The process of backends, which can be killed. */
export class Starter {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (called: Called) => void>();
  #calls = 0;

  static async start(address: string): Promise<Starter> {
    const child = watched(
      fork(PROCESS, [JSON.stringify({ address, dist: BUILD })], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      }),
    );
    const starter = new Starter(child);
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error('the starter process did not start'))),
    ]);
    child.on('message', (message) => starter.#receive(message));
    return starter;
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.once('exit', () => {
      for (const settle of this.#waiting.values()) settle({ gone: true });
      this.#waiting.clear();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isGone(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  on(taskQueue: string): Backend {
    return { call: (call, ...args) => this.#call({ taskQueue, call, args }) };
  }

  #call(call: {
    readonly taskQueue: string;
    readonly call: Call;
    readonly args: readonly unknown[];
  }): Promise<Called> {
    if (this.isGone) return Promise.resolve({ gone: true });
    this.#calls += 1;
    const id = this.#calls;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.send({ id, ...call });
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async stop(): Promise<void> {
    if (this.isGone) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }

  #receive(message: unknown): void {
    const { id, ...called } = reply.parse(message);
    this.#waiting.get(id)?.(called);
    this.#waiting.delete(id);
  }
}
