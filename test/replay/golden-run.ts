import { WithStartWorkflowOperation } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject } from 'vitest';
import { createActivities } from '../../src/activities/index.js';
import { findEngine } from '../../src/engine/index.js';
import { fingerprintOf } from '../../src/movie/fingerprint.js';
import { afterId } from '../../src/render/event.js';
import { FIRST_START, startOptions } from '../../src/starter/start-terms.js';
import { ATTRIBUTES, SUBMIT_UPDATE_ID, submitUpdate, WORKFLOWS } from '../../src/workflows/messages.js';
import { followedActivities } from '../support/after-stage.js';
import { Gate } from '../support/provider-setups.js';
import { ScriptedProvider } from '../support/scripted-provider.js';
import { quietRuntime } from '../support/quiet-runtime.js';
import { CARD } from '../support/stage.js';
import { hostRenders, openSkippedTime, type RenderHandle } from '../support/time-skipping.js';
import type { Scenario } from './scenarios/scenario.js';

const FINGERPRINT = fingerprintOf(CARD);

interface Played {
  /** History of the run that ended the scenario. */
  readonly history: History;
  /** History of the workflow that followed it. */
  readonly after?: History;
}

/** Plays a scenario on an engine of its own. */
export async function playScenario(scenario: Scenario): Promise<Played> {
  const env = scenario.engine === 'real' ? await openRealEngine() : await openSkippedTime();
  const provider = new ScriptedProvider();
  provider.useClock(env);
  const gate = new Gate();
  const mark = { key: scenario.name, fingerprint: FINGERPRINT, namespace: 'default' };
  for (const setUp of scenario.given ?? []) await setUp(provider, gate, mark);
  const follows = scenario.follows?.(() => env.currentTimeMs());
  const close = await hostRenders(env, provider, scenario.webhooks === true, {
    bundle: inject('workflowBundle'),
    createActivities: (given) =>
      follows === undefined ? createActivities(given) : followedActivities(given, follows),
  });
  try {
    const handle = await start(env, scenario);
    await scenario.happens?.({ env, provider, handle, gate });
    // Waiting for the result is what lets the time of the run pass; whether it is a failure is read from the history.
    await handle.result().catch(() => undefined);
    const history = await handle.fetchHistory();
    if (follows === undefined) return { history };
    const { runId } = await handle.describe();
    const after = env.client.workflow.getHandle(afterId(scenario.name, runId));
    await after.result().catch(() => undefined);
    return { history, after: await after.fetchHistory() };
  } finally {
    gate.open();
    await close();
  }
}

async function openRealEngine(): Promise<TestWorkflowEnvironment> {
  quietRuntime();
  const { path } = await findEngine({ env: process.env });
  return TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      searchAttributes: [
        ATTRIBUTES.state,
        ATTRIBUTES.project,
        ATTRIBUTES.account,
        ATTRIBUTES.budget,
        ATTRIBUTES.credits,
      ],
    },
    client: { identity: 'backend@1' },
  });
}

/** Starts the run as the starter does, so that its history begins as those of real renders. */
async function start(env: TestWorkflowEnvironment, scenario: Scenario): Promise<RenderHandle> {
  const call = {
    key: scenario.name,
    movie: CARD,
    fingerprint: FINGERPRINT,
    caller: 'golden',
    options: scenario.options ?? {},
    deadlineMs: 0,
    restart: false,
    untilSettled: false,
    ignore: undefined,
    joins: false,
  };
  const { lookUntilSeconds } = scenario.restart ?? {};
  const untilMs = (await env.currentTimeMs()) + (lookUntilSeconds ?? 0) * 1_000;
  const look = {
    lookFrom: new Date(0).toISOString(),
    lookUntil: new Date(untilMs).toISOString(),
    lookAccount: new ScriptedProvider().account,
  };
  const terms = lookUntilSeconds === undefined ? FIRST_START : { ...FIRST_START, look };
  const startWorkflowOperation = new WithStartWorkflowOperation(WORKFLOWS.render, {
    ...startOptions(call, terms, 'renderonce'),
    workflowIdConflictPolicy: 'USE_EXISTING',
    // Without it the skipped time runs ten years ahead after a workflow closes.
    workflowExecutionTimeout: '30 days',
  });
  await env.client.workflow.startUpdateWithStart(submitUpdate, {
    startWorkflowOperation,
    updateId: SUBMIT_UPDATE_ID,
    waitForStage: 'ACCEPTED',
  });
  return env.client.workflow.getHandle(scenario.name);
}
