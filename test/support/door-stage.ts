import { WorkflowNotFoundError } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Running } from './processes.js';
import { openStage, type Stage } from './stage.js';
import { openTlsDoor, type TlsDoor } from './tls-door.js';

/** Short attempts, so that an attempt that fell silent is over in seconds. */
export const SHORT_ATTEMPTS = { submitTimeoutSeconds: 10, settleSeconds: 30, deadlineMs: 100_000 } as const;

/** A stage whose worker reaches the provider through a door that can be shut; a new worker for every test. */
export class DoorStage {
  #stage: Stage | undefined;
  #door: TlsDoor | undefined;
  #worker: Running | undefined;

  get stage(): Stage {
    return opened(this.#stage);
  }

  get door(): TlsDoor {
    return opened(this.#door);
  }

  get worker(): Running {
    return opened(this.#worker);
  }

  async open(): Promise<void> {
    this.#stage = await openStage({ engine: 'disk', provider: { timeScale: 20 } });
    this.#door = await openTlsDoor(this.#stage.fake.url);
  }

  async startWorker(): Promise<void> {
    const { url, certificateFile } = this.door;
    this.#worker = await this.stage.startWorker({
      JSON2VIDEO_URL: url,
      NODE_EXTRA_CA_CERTS: certificateFile,
      // Saves the worker a thread, in which it would load the SDK again.
      TEMPORAL_DEBUG: '1',
    });
  }

  async killWorker(): Promise<void> {
    this.worker.kill('SIGKILL');
    await this.worker.exit;
  }

  async replaceWorker(): Promise<void> {
    await this.killWorker();
    await this.startWorker();
  }

  /** Lets all through again, and ends what the test has left: whoever asks for it would stand at the next test's door. */
  async calm(): Promise<void> {
    this.door.open();
    await this.stage.fake.clearFaults();
    const { workflow } = this.stage.client;
    for await (const { workflowId } of workflow.list({ query: 'ExecutionStatus = "Running"' })) {
      await workflow
        .getHandle(workflowId)
        .terminate()
        .catch((error: unknown) => {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        });
    }
  }

  async close(): Promise<void> {
    await this.#stage?.close();
    await this.#door?.close();
  }

  async postsOf(key: string): Promise<number> {
    return (await this.stage.fake.requests({ call: 'create', key })).length;
  }

  /** Whether the key's history has an event with these attributes. */
  async hasEvent(key: string, attributes: `${string}EventAttributes`): Promise<boolean> {
    const { events } = await this.stage.client.workflow.getHandle(key).fetchHistory();
    return (events ?? []).some((event) => Boolean(Reflect.get(event, attributes)));
  }
}

function opened<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('the stage is opened before all tests');
  return part;
}

/** Registers the stage for a file. */
export function doorStage(): DoorStage {
  const at = new DoorStage();
  beforeAll(() => at.open());
  beforeEach(() => at.startWorker());
  afterEach(async () => {
    await at.calm();
    await at.killWorker();
  });
  afterAll(() => at.close());
  return at;
}
