import { WorkflowFailedError } from '@temporalio/client';
import { afterEach, beforeEach } from 'vitest';
import { ATTRIBUTES } from '../../src/workflows/messages.js';
import { ScriptedProvider } from './scripted-provider.js';
import { type RenderHandle, type SkippedTime, skipTime } from './time-skipping.js';

/** A scripted provider and a time-skipping engine, new for every test of the file. */
export class ScriptedStage {
  provider = new ScriptedProvider();
  /** The worker's wall clock. */
  now: () => number = Date.now;
  readonly #webhooks: boolean;
  #time: SkippedTime | undefined;

  constructor(webhooks: boolean) {
    this.#webhooks = webhooks;
  }

  get time(): SkippedTime {
    if (this.#time === undefined) throw new Error('the stage is opened before each test');
    return this.#time;
  }

  async open(): Promise<void> {
    this.provider = new ScriptedProvider();
    this.now = Date.now;
    this.#time = await skipTime(this.provider, this.#webhooks, () => this.now());
    this.provider.useClock(this.#time.env);
  }

  async close(): Promise<void> {
    await this.#time?.close();
  }
}

/** With `webhooks` the worker asks the provider to report to an address; the test sends the hints. */
export function scriptedStage({ webhooks = false } = {}): ScriptedStage {
  const stage = new ScriptedStage(webhooks);
  beforeEach(() => stage.open());
  afterEach(() => stage.close());
  return stage;
}

/** The failure with which a run ended. */
export async function failureOf(handle: RenderHandle): Promise<unknown> {
  const error = await handle.result().catch((thrown: unknown) => thrown);
  return error instanceof WorkflowFailedError ? error.cause : error;
}

export async function stateOf(handle: RenderHandle): Promise<unknown> {
  return (await handle.describe()).typedSearchAttributes.get(ATTRIBUTES.state);
}
