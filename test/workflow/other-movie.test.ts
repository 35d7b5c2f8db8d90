import { expect, test } from 'vitest';
import { resolveUpdate } from '../../src/workflows/messages.js';
import { Gate } from '../support/provider-setups.js';
import { LOST } from '../support/scripted-provider.js';
import { scriptedStage } from '../support/scripted-stage.js';

const stage = scriptedStage();

test('another movie under the key ends nothing while the POST that a person forced is on its way: its end is awaited', async () => {
  const { provider } = stage;
  const gate = new Gate();
  provider.script.push(
    async (movie) => {
      const mark = (movie['client-data'] as { renderonce: object }).renderonce;
      await provider.accept({ 'client-data': { renderonce: { ...mark, fingerprint: 'e'.repeat(64) } } });
      return LOST;
    },
    async (movie) => {
      await gate.opened;
      return provider.replyAccepted(await provider.accept(movie));
    },
  );
  const handle = await stage.time.start({ scenes: [] });
  await stage.time.env.sleep('2 seconds');
  const request = { action: 'resubmit', force: true, by: 'anna', why: 'it is not in the dashboard' } as const;
  await handle.executeUpdate(resolveUpdate, { args: [request] });
  await expect.poll(() => provider.posts.length).toBe(2);
  gate.open();

  expect(await handle.result()).toMatchObject({ status: 'done', project: 'project000000002' });
  expect(provider.posts).toHaveLength(2);
});
