import { Connection } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Check } from '../../src/cli/commands/doctor/check.js';
import { callCommand } from '../support/call-command.js';
import type { PostgresEngine } from '../support/cluster/postgres-engine.js';
import { type Env, expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, SECRET, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { hasCluster, openClusterStage, startCluster } from './cluster.js';

expectNoProcessLeft();

const DAY_MS = 86_400_000;
const KEYWORD = 2;
const INT = 3;

describe.runIf(hasCluster)('a Temporal server on Postgres', () => {
  let cluster: PostgresEngine;
  let connection: Connection;
  beforeAll(async () => {
    cluster = await startCluster();
    connection = await Connection.connect({ address: cluster.address });
  });
  afterAll(async () => {
    await connection.close();
    await cluster.stop();
  });

  async function run(
    args: readonly string[],
    env: Env,
  ): Promise<{ code: unknown } & Record<string, unknown>> {
    const { code, stdout } = await callCommand([...args, '--json'], {
      TEMPORAL_ADDRESS: cluster.address,
      ...env,
    });
    return { code, ...(JSON.parse(stdout) as object) };
  }

  /** Returns what a doctor finds that is not ok. */
  async function troubles(env: Env): Promise<Record<string, string>> {
    const { checks } = (await run(['doctor'], env)) as unknown as { checks: Check[] };
    const bad = checks.filter(({ level }) => level !== 'ok').map(({ name, level }) => [name, level]);
    return Object.fromEntries(bad) as Record<string, string>;
  }

  async function retentionDaysOf(namespace: string): Promise<number> {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    return tsToMs(config?.workflowExecutionRetentionTtl) / DAY_MS;
  }

  test('setup makes the namespace that doctor misses, with retention and search attributes, and changes nothing when it is repeated', async () => {
    const namespace = 'videos';
    const env = { TEMPORAL_NAMESPACE: namespace };
    expect(await troubles(env)).toMatchObject({ namespace: 'wrong' });
    const first = await run(['setup'], env);
    expect(first).toMatchObject({ code: 0, namespace, retentionDays: 30 });
    expect(first['done']).toHaveLength(2);

    expect(await retentionDaysOf(namespace)).toBe(30);
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    expect(customAttributes).toEqual({
      RenderState: KEYWORD,
      RenderProject: KEYWORD,
      RenderAccount: KEYWORD,
      RenderKept: KEYWORD,
      RenderBudget: KEYWORD,
      RenderCredits: INT,
    });
    expect(await troubles(env)).not.toHaveProperty('namespace');

    expect(await run(['setup'], env)).toMatchObject({ code: 0, done: [], retentionDays: 30 });
  });

  test('setup lengthens a retention and never shortens it, and doctor compares it with the settings', async () => {
    const env = { TEMPORAL_NAMESPACE: 'months' };
    await run(['setup'], { ...env, RENDERONCE_KEY_MEMORY_DAYS: '90' });
    expect(await retentionDaysOf('months')).toBe(90);
    expect(await run(['setup'], env)).toMatchObject({ code: 0, done: [], retentionDays: 90 });
    expect(await troubles({ ...env, RENDERONCE_KEY_MEMORY_DAYS: '91' })).toMatchObject({
      'key memory': 'wrong',
    });
    await run(['setup'], { ...env, RENDERONCE_KEY_MEMORY_DAYS: '91' });
    expect(await retentionDaysOf('months')).toBe(91);
  });

  describe('with a worker and a server', () => {
    let stage: Stage;
    let env: Env;
    beforeAll(async () => {
      stage = await openClusterStage(cluster, 'renders', { provider: { renderSeconds: 2 } });
      const server = await stage.startServer({ RENDERONCE_WEBHOOK_SECRET: SECRET });
      env = {
        ...stage.env,
        RENDERONCE_WEBHOOK_SECRET: SECRET,
        RENDERONCE_WEBHOOK_URL: String(server.said['url']),
      };
    });
    afterAll(() => stage.close());

    test('doctor misses a worker, and finds nothing wrong when there is one', async () => {
      expect(await troubles(env)).toEqual({ workers: 'wrong' });
      await stage.startWorker(env);
      expect(await troubles(env)).toEqual({});
    });

    test('a render ends by its webhook, is found by its search attributes, and its key is remembered', async () => {
      const key = freshKey('path');
      const outcome = await stage.renders.render(key, CARD);
      expect(outcome).toMatchObject({ status: 'done' });
      const { events } = await stage.client.workflow.getHandle(key).fetchHistory();
      expect(events?.some((event) => event.workflowExecutionSignaledEventAttributes)).toBe(true);

      const { project } = outcome;
      const query = `RenderState = "done" AND RenderProject = "${project}"`;
      await until('the list shows the render', async () => {
        for await (const { workflowId } of stage.client.workflow.list({ query })) return workflowId === key;
        return false;
      });

      await stage.engine.restart();
      const again = await until(
        'the engine is back',
        () => stage.renders.render(key, CARD).catch(() => false as const),
        60_000,
      );
      expect(again).toMatchObject({ status: 'done', project });
      expect(await stage.fake.movies(key)).toHaveLength(1);
    });
  });
});
