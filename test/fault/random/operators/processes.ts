import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { watched } from '../../../support/processes.js';

const refusal = z.object({
  code: z.string(),
  /** True if the error has a code and says what to do next. */
  isTyped: z.boolean(),
  /** True if it is the reason of the call's own signal. */
  wasAborted: z.boolean(),
  message: z.string().optional(),
  project: z.string().optional(),
  state: z.string().optional(),
  outcome: z.object({ status: z.string(), project: z.string().optional() }).loose().optional(),
});
const reply = z.union([
  z.object({ id: z.number(), error: refusal }),
  z.object({ id: z.number(), value: z.record(z.string(), z.unknown()) }),
]);

/** The end of a call. */
export type Called =
  { readonly value: Readonly<Record<string, unknown>> } | { readonly error: z.output<typeof refusal> };

/** One call of the starter's library. */
export interface StarterCall {
  readonly taskQueue: string;
  readonly call: string;
  readonly args: readonly unknown[];
  readonly abortMs?: number;
}

const file = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url));

/** Starts a program that says by a message when it serves. */
async function startProgram(name: string, given: object, clockMs: number): Promise<ChildProcess> {
  const child = watched(
    fork(file(name), [JSON.stringify(given)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // The SDK's client leaves a listener of each of its calls on the signal of the call that it belongs to.
      execArgv: ['--disable-warning=MaxListenersExceededWarning', '--import', file('set-clock.mjs')],
      env: { ...process.env, CLOCK_OFFSET_MS: String(clockMs) },
    }),
  );
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${name} did not start`))),
  ]);
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals, withinMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), withinMs);
  await exit;
  clearTimeout(late);
}

/** A process of callers with a clock of its own. */
export class CallerProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (called: Called) => void>();
  #calls = 0;

  static async start(given: { dist: string; address: string }, clockMs: number): Promise<CallerProcess> {
    return new CallerProcess(await startProgram('caller-process.mjs', given, clockMs));
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message) => {
      const { id, ...called } = reply.parse(message);
      this.#waiting.get(id)?.(called);
      this.#waiting.delete(id);
    });
  }

  call(call: StarterCall): Promise<Called> {
    this.#calls += 1;
    const id = this.#calls;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.send({ id, ...call });
    });
  }

  stop(): Promise<void> {
    return end(this.#child, 'SIGKILL', 0);
  }
}

/** Options of a process of workers. */
export interface HostOptions {
  readonly dist: string;
  readonly address: string;
  readonly receiver: { readonly url: string; readonly secret: string };
  readonly workers: readonly { readonly taskQueue: string; readonly url: string; readonly apiKey: string }[];
}

/** A clean stop awaits what is in flight: longer than a submission. */
const STOP_MS = 30_000;

/** A process of workers, one of each provider. */
export class WorkerHost {
  readonly #child: ChildProcess;

  static async start(options: HostOptions, clockMs: number): Promise<WorkerHost> {
    return new WorkerHost(await startProgram('worker-host.mjs', options, clockMs));
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  stop(): Promise<void> {
    return end(this.#child, 'SIGTERM', STOP_MS);
  }

  kill(): Promise<void> {
    return end(this.#child, 'SIGKILL', 0);
  }
}
