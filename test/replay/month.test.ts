import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Outcome } from '../../src/render/outcome.js';
import { bundleCompiled } from '../support/bundle.js';
import { type Plant, plantDist } from '../support/planted-dist.js';
import { httpReply, ScriptedProvider } from '../support/scripted-provider.js';
import { hostRenders, openSkippedTime } from '../support/time-skipping.js';
import { replay } from './replay.js';

const DAY_MS = 86_400_000;
const FILE = 'workflows/await-outcome.js';
const ACCEPTED = "this.#tell({ type: 'accepted' });";

/** A next version whose renders rest for a second once they are accepted, as a patch makes that. */
const PATCHED: Plant[] = [
  {
    file: FILE,
    from: 'import { CancellationScope, condition, isCancellation, sleep }',
    to: 'import { CancellationScope, condition, isCancellation, patched, sleep }',
  },
  { file: FILE, from: ACCEPTED, to: `if (patched('rest')) await sleep(1_000); ${ACCEPTED}` },
];
/** The same change without a patch. */
const UNFIT: Plant[] = [{ file: FILE, from: ACCEPTED, to: `await sleep(1_000); ${ACCEPTED}` }];

async function bundleOf(plants: readonly Plant[]): Promise<string> {
  const planted = await plantDist(plants);
  try {
    return await bundleCompiled(planted.dist);
  } finally {
    await planted.remove();
  }
}

test('a render that waited for a month under one version goes on under the next, in its middle and at its end', async () => {
  const env = await openSkippedTime();
  const provider = new ScriptedProvider();
  provider.useClock(env);
  const close = await hostRenders(env, provider, false);
  const startedMs = await env.currentTimeMs();
  for (let index = 0; index < 100; index += 1) {
    provider.script.push(async (movie) =>
      (await env.currentTimeMs()) - startedMs < 28 * DAY_MS
        ? httpReply(429, { message: 'slow down' })
        : provider.replyAccepted(await provider.accept(movie)),
    );
  }
  const request = { movie: { scenes: [] }, fingerprint: 'f'.repeat(64), caller: randomUUID() };
  const handle = await env.client.workflow.start<(given: unknown) => Promise<Outcome>>('renderMovie', {
    workflowId: `month-${randomUUID()}`,
    taskQueue: 'renderonce',
    args: [{ ...request, options: { submitPatienceSeconds: 2_592_000 } }],
    memo: { fingerprint: request.fingerprint },
    workflowExecutionTimeout: '60 days',
  });
  await env.sleep('14 days');
  const middle = await handle.fetchHistory();
  expect(await handle.result()).toMatchObject({ status: 'done', project: 'project000000001' });
  const end = await handle.fetchHistory();
  await close();
  expect(provider.accepted).toHaveLength(1);
  expect(provider.posts.at(-1)?.atMs).toBeGreaterThanOrEqual(startedMs + 28 * DAY_MS);

  const recorded = Object.entries({ middle, end }).map(([name, history]) => ({
    version: 'month',
    name,
    history,
  }));
  expect(await replay(await bundleOf(PATCHED), recorded)).toEqual(new Map());
  expect([...(await replay(await bundleOf(UNFIT), recorded)).keys()]).toEqual(['month/end']);
}, 60_000);
