import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderWebhook } from '../../src/workflows/messages.js';
import { replay } from '../replay/replay.js';
import { BUILD } from '../support/compiled.js';
import { Doubt } from '../support/doubt.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

const DECISION = { by: 'anna', why: 'never sent' };

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ provider: { timeScale: 20 } });
  await stage.hostWorker();
});
afterAll(() => stage.close());

test('a run that is reset to before a decision and a webhook goes on as it began, on any worker', async () => {
  const doubt = new Doubt(stage);
  const key = freshKey('reset-in-doubt');
  await doubt.lose(key, false);
  const handle = stage.client.workflow.getHandle(key);
  const looked = await until('the first look is over', async () => {
    const { events = [] } = await handle.fetchHistory();
    const fired = (events ?? []).findIndex((event) => event.timerFiredEventAttributes);
    const later = fired < 0 ? [] : (events ?? []).slice(fired);
    return later.find((event) => event.workflowTaskCompletedEventAttributes)?.eventId;
  });
  await stage.renders.resolve(key, 'resubmit', { ...DECISION, force: true });
  await handle.signal(renderWebhook, { project: 'NoSuchProject000' });
  await stage.client.workflowService.resetWorkflowExecution({
    namespace: stage.client.options.namespace,
    workflowExecution: { workflowId: key },
    reason: 'test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: looked,
  });
  await stage.renders.result(key);

  const history = await stage.client.workflow.getHandle(key).fetchHistory();
  const code = await readFile(join(BUILD, 'workflow-bundle.js'), 'utf8');
  expect(await replay(code, [{ version: 'now', name: key, history }])).toEqual(new Map());
  expect(await doubt.paid(key)).toHaveLength(1);
}, 90_000);
