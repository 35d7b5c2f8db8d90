import { expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { BUGS_OF_SUBMITTING } from './controls/bugs-of-submitting.js';
import { playVersionKills } from './version-kills.js';

expectNoProcessLeft();

const quiet = { seed: 1, say: () => undefined };
const PATIENCE_MS = 600_000;
const [FORGOTTEN_FENCE] = BUGS_OF_SUBMITTING;

test(
  'while tasks move between workers of two versions, and workers of both are killed, nothing is paid twice and every render ends',
  async () => {
    const { kills, keys, violations } = await playVersionKills({ ...quiet, rounds: 6 });
    expect(violations).toEqual([]);
    expect(kills).toEqual({ shared: 3, rolled: 3 });
    expect(keys).toBeGreaterThan(20);
  },
  PATIENCE_MS,
);

test(
  'control: a version that does not tell the engine before it sends is found to pay twice',
  async () => {
    const plants = FORGOTTEN_FENCE?.plants ?? [];
    const { violations } = await playVersionKills({ ...quiet, rounds: 4, plants });
    expect(violations).toContainEqual(expect.stringMatching(/^paid 2 times: /));
  },
  PATIENCE_MS,
);
