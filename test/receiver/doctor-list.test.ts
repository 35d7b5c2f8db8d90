import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Check } from '../../src/cli/commands/doctor/check.js';
import { callCommand } from '../support/call-command.js';
import { type Env, expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.hostWorker();
}, 120_000);
afterAll(() => stage.close());

async function listCheck(env: Env = {}): Promise<Check | undefined> {
  const { stdout } = await callCommand(['doctor', '--json'], { ...stage.env, ...env });
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  return checks.find(({ name }) => name === 'list');
}

test("the doctor reads a known render's mark back from the provider's list, and says by how much the list lags", async () => {
  expect(await listCheck()).toMatchObject({
    level: 'ok',
    message: expect.stringMatching(/^nothing to compare/),
  });
  const first = freshKey('first');
  const { project } = await stage.renders.submitOnce(first, CARD);
  const shows = new RegExp(
    `^it shows the newest render with its mark, project ${project} of key ${first}, accepted \\d+ s ago: it lags by no more than that$`,
  );
  // The engine's index lags, too.
  await until('the index has it', async () => shows.test((await listCheck())?.message ?? ''));
  expect(await listCheck({ JSON2VIDEO_API_KEY: '' })).toBeUndefined();

  await stage.fake.fault({ match: {}, effect: { kind: 'list', lagSeconds: 60 } });
  const late = await stage.renders.submitOnce(freshKey('late'), CARD);
  await until('the index has the newer one', async () =>
    ((await listCheck())?.message ?? '').startsWith(`it does not show project ${late.project} `),
  );
  expect(await listCheck()).toMatchObject({ level: 'warning' });
}, 120_000);
