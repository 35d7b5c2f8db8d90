import type { Client } from '@temporalio/client';
import type { Trigger } from './script.js';

/** A key's newest run, as the engine's index shows it. */
export interface SeenRun {
  readonly runId: string;
  readonly isOpen: boolean;
  /** Its `RenderState`; for a closed run the engine's status. */
  readonly state: string;
  readonly startedMs: number;
}

/** Runs that closed longer ago were seen. */
const RECENT_MS = 30_000;

const PAUSE_MS = 250;

/** Follows the newest run of every key by the engine's index, which costs one call for all of them. */
export class Watch {
  readonly #client: Client;
  readonly #everyMs: number;
  readonly #seen = new Map<string, SeenRun>();
  readonly #heldAtMs = new Map<string, number>();
  #isOver = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(client: Client, everyMs: number) {
    this.#client = client;
    this.#everyMs = everyMs;
  }

  start(): void {
    this.#loop = this.#follow();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#loop;
  }

  of(key: string): SeenRun | undefined {
    return this.#seen.get(key);
  }

  /** When a run of a key was seen held for the first time. */
  heldAtMs(key: string): number | undefined {
    return this.#heldAtMs.get(key);
  }

  /** Waits until a key's newest run is seen in a state. Returns false if it is not, to the end of the signal. */
  async when(key: string, trigger: Trigger, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      if (isIn(trigger, this.#seen.get(key))) return true;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return false;
  }

  /** Reads the index now. */
  async read(): Promise<void> {
    const recent = new Date(Date.now() - RECENT_MS).toISOString();
    const found = new Map<string, SeenRun>();
    const query = `WorkflowType="renderMovie" AND (ExecutionStatus="Running" OR CloseTime > "${recent}")`;
    for await (const run of this.#client.workflow.list({ query, pageSize: 1_000 })) {
      const startedMs = run.startTime.getTime();
      const before = found.get(run.workflowId);
      if (before !== undefined && before.startedMs > startedMs) continue;
      const isOpen = run.status.name === 'RUNNING';
      const shown: unknown = run.searchAttributes?.['RenderState']?.[0];
      const state = isOpen ? textOf(shown) : run.status.name.toLowerCase();
      found.set(run.workflowId, { runId: run.runId, isOpen, state, startedMs });
    }
    // An open run that is not listed any more was deleted.
    for (const [key, { isOpen }] of this.#seen) if (isOpen) this.#seen.delete(key);
    for (const [key, run] of found) {
      this.#seen.set(key, run);
      if (run.isOpen && run.state === 'held' && !this.#heldAtMs.has(key)) this.#heldAtMs.set(key, Date.now());
    }
  }

  async #follow(): Promise<void> {
    while (!this.#isOver) {
      // The engine may be away.
      await this.read().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, this.#everyMs));
    }
  }
}

/** Before its first task a run shows nothing. */
function textOf(shown: unknown): string {
  return typeof shown === 'string' ? shown : 'submitting';
}

function isIn(trigger: Trigger, run: SeenRun | undefined): boolean {
  if (trigger === 'at once') return true;
  if (run === undefined) return false;
  if (trigger === 'open') return run.isOpen;
  return trigger === 'closed' ? !run.isOpen : run.isOpen && run.state === trigger;
}
