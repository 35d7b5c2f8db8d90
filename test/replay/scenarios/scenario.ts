import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { RenderOptionsInput } from '../../../src/render/options.js';
import type { RenderState } from '../../../src/render/state.js';
import type { FAILURES } from '../../../src/workflows/messages.js';
import type { ScriptedFollowing } from '../../support/after-stage.js';
import type { Gate, Setup } from '../../support/provider-setups.js';
import type { ScriptedProvider } from '../../support/scripted-provider.js';
import type { RenderHandle } from '../../support/time-skipping.js';

/** One way in which a render can end, as its history is recorded. */
export interface Scenario {
  /** The name of the history's file, and the key of the render. */
  readonly name: string;
  /** The state in which the render ends. */
  readonly end: RenderState;
  /** The type of the failure that update `submit` answers with, where nothing was accepted. */
  readonly failure?: (typeof FAILURES)[keyof typeof FAILURES];
  /** The real engine for what the time-skipping one cannot do; its seconds are real. */
  readonly engine?: 'real';
  readonly webhooks?: true;
  readonly options?: RenderOptionsInput;
  /** Set on restarts: looks back to the beginning, and sends only so many seconds after the start. */
  readonly restart?: { readonly lookUntilSeconds: number };
  /** What the provider will meet the render with. */
  readonly given?: readonly Setup[];
  /** What follows the end; the history of the workflow that does it is recorded, too. */
  readonly follows?: (currentTimeMs: () => Promise<number>) => ScriptedFollowing;
  /** What happens to the render on its way. */
  readonly happens?: (run: GoldenRun) => Promise<unknown>;
}

export interface GoldenRun {
  readonly env: TestWorkflowEnvironment;
  readonly provider: ScriptedProvider;
  readonly handle: RenderHandle;
  /** Holds a POST until the scenario lets it go on; opened in any case when the history has been read. */
  readonly gate: Gate;
}
