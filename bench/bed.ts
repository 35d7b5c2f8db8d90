import { Renders } from '../src/starter.js';
import type { BenchEngine } from './engine.js';
import { FakeClient } from './fake-client.js';
import { type MeasuredProcess, startCommand } from './processes.js';

/** Signs callbacks between worker and receiver. */
export const SECRET = 'a-secret-of-the-bench-that-is-long-enough';

/** Everything that renders under measurement need, each part a process of its own. */
export interface Bed {
  readonly engine: BenchEngine;
  readonly fake: FakeClient;
  readonly receiver: MeasuredProcess;
  readonly worker: MeasuredProcess;
  readonly renders: Renders;
  /** The variables with which a command finds this bed. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Code that takes the place of ours in worker and client. */
interface BedCode {
  /** File of the command line that starts the worker. */
  readonly main: string;
  readonly Renders: typeof Renders;
}

let beds = 0;

/**
 * @param renderSeconds how long the provider renders
 * @param code the built worker and the client's sources by default
 * @param more variables of the worker
 */
export async function openBed(
  engine: BenchEngine,
  renderSeconds: number,
  code?: BedCode,
  more: Readonly<Record<string, string>> = {},
): Promise<Bed> {
  beds += 1;
  // As short as the default, since it stands in every history several times.
  const taskQueue = `bench-${Date.now() % 1_000}${beds}`;
  const fake = await FakeClient.start(renderSeconds);
  const settings: Record<string, string> = {
    TEMPORAL_ADDRESS: engine.address,
    RENDERONCE_TASK_QUEUE: taskQueue,
    RENDERONCE_LOG_LEVEL: 'error',
    RENDERONCE_WEBHOOK_SECRET: SECRET,
  };
  const receiver = await startCommand(['receiver', '--port', '0'], settings);
  const env = {
    ...settings,
    JSON2VIDEO_URL: fake.url,
    JSON2VIDEO_API_KEY: fake.apiKey,
    RENDERONCE_WEBHOOK_URL: receiver.url,
    // Any free port: several workers run at once where their start-up is measured.
    RENDERONCE_WORKER_LISTEN: '127.0.0.1:0',
  };
  const worker = await startCommand(['worker'], { ...env, ...more }, code?.main);
  return {
    engine,
    fake,
    receiver,
    worker,
    renders: new (code?.Renders ?? Renders)({ client: engine.client, taskQueue }),
    env,
    close: async () => {
      for (const each of [worker, receiver, fake.process]) await each.stop();
    },
  };
}
