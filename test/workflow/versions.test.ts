import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createActivities } from '../../src/activities/index.js';
import type { Outcome } from '../../src/render/outcome.js';
import { bundleCompiled } from '../support/bundle.js';
import { BUILD } from '../support/compiled.js';
import { type Plant, plantDist } from '../support/planted-dist.js';
import { httpReply, ScriptedProvider } from '../support/scripted-provider.js';
import { hostQueues, openSkippedTime } from '../support/time-skipping.js';

const DAY_MS = 86_400_000;
const FILE = 'workflows/await-outcome.js';

/** A next version whose renders wait a second more once they are accepted, as a patch makes that. */
const PATCHED: Plant[] = [
  {
    file: FILE,
    from: "import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';",
    to: "import { CancellationScope, condition, isCancellation, patched, sleep } from '@temporalio/workflow';",
  },
  {
    file: FILE,
    from: "this.#tell({ type: 'accepted' });",
    to: "if (patched('rest-after-acceptance')) await sleep(1_000); this.#tell({ type: 'accepted' });",
  },
];

test('a wait of a month begins under one version and ends under the next, and the movie is accepted once', async () => {
  const next = await plantDist(PATCHED);
  const env = await openSkippedTime();
  try {
    const [bundle, nextBundle] = await Promise.all([bundleCompiled(BUILD), bundleCompiled(next.dist)]);
    const provider = new ScriptedProvider();
    provider.useClock(env);
    const startedMs = await env.currentTimeMs();
    for (let index = 0; index < 100; index += 1) {
      provider.script.push(async (movie) =>
        (await env.currentTimeMs()) - startedMs < 28 * DAY_MS
          ? httpReply(429, { message: 'slow down' })
          : provider.replyAccepted(await provider.accept(movie)),
      );
    }
    const stopFirst = await hostQueues(env, provider, false, { bundle, createActivities });
    const fingerprint = 'f'.repeat(64);
    const handle = await env.client.workflow.start<(request: unknown) => Promise<Outcome>>('renderMovie', {
      workflowId: `month-${randomUUID()}`,
      taskQueue: 'renderonce',
      args: [
        {
          movie: { scenes: [] },
          fingerprint,
          caller: randomUUID(),
          options: { submitPatienceSeconds: 2_592_000 },
        },
      ],
      memo: { fingerprint },
      workflowExecutionTimeout: '60 days',
    });
    await env.sleep('14 days');
    expect(provider.accepted).toEqual([]);
    const refusedBefore = provider.posts.length;
    expect(refusedBefore).toBeGreaterThan(5);
    await stopFirst();
    const stopNext = await hostQueues(env, provider, false, { bundle: nextBundle, createActivities });

    expect(await handle.result()).toMatchObject({ status: 'done', project: 'project000000001' });
    expect(provider.accepted).toHaveLength(1);
    expect(provider.posts.length).toBeGreaterThan(refusedBefore);
    const { events = [] } = await handle.fetchHistory();
    const patches = (events ?? []).filter(({ markerRecordedEventAttributes: marker }) => Boolean(marker));
    expect(patches.length).toBeGreaterThan(0);
    await stopNext();
  } finally {
    await env.teardown();
    await next.remove();
  }
}, 60_000);
