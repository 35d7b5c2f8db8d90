import { expect, test } from 'vitest';
import { ownVersion } from '../../src/worker/own-version.js';
import type * as Version from '../../src/worker/version.js';
import { loadCompiled } from '../support/compiled.js';
import { type Plant, plantDist, type PlantedDist } from '../support/planted-dist.js';
import { plantBuild } from '../support/versions.js';

/** The build ID that compiled code has by default. */
async function buildIdOf({ dist }: Partial<PlantedDist> = {}): Promise<string> {
  const { workerVersion } = await loadCompiled<typeof Version>('worker/version.js', dist);
  return workerVersion({ name: 'renders' }).buildId;
}

const CHANGE: Plant = {
  file: 'workflows/refusals.js',
  from: 'await sleep(next.delayMs,',
  to: 'void (next.delayMs,',
};

test('the build ID by default is the same in every copy of a build, and another one for other workflows', async () => {
  const copies = await Promise.all([plantDist([]), plantBuild([CHANGE])]);
  try {
    const buildId = await buildIdOf();
    expect(buildId).toMatch(new RegExp(`^${ownVersion()}-[0-9a-f]{12}$`));
    const [same, changed] = await Promise.all(copies.map(buildIdOf));
    expect(same).toBe(buildId);
    expect(changed).toMatch(new RegExp(`^${ownVersion()}-[0-9a-f]{12}$`));
    expect(changed).not.toBe(buildId);
  } finally {
    await Promise.all(copies.map((copy) => copy.remove()));
  }
});

test('without a bundle there is no build ID by default, and the error says what to set', async () => {
  const copy = await plantDist([CHANGE]);
  try {
    await expect(buildIdOf(copy)).rejects.toThrow(
      expect.objectContaining({
        code: 'ConfigInvalid',
        next: 'Set TEMPORAL_WORKER_BUILD_ID, or build the package.',
      }),
    );
  } finally {
    await copy.remove();
  }
});
