import { expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD } from '../support/stage.js';
import { playUpKills } from './up-kills.js';

expectNoProcessLeft();

const quiet = { seed: 1, say: () => undefined };
const PATIENCE_MS = 900_000;

test(
  'while each process of up is killed in its turn, then all at once, then the owners of the engine alone, nothing is paid twice, no key is forgotten and every render ends',
  async () => {
    const { inFlight, kills, violations } = await playUpKills({ ...quiet, rounds: 8 });
    expect(violations).toEqual([]);
    expect(inFlight).toBeGreaterThan(0);
    for (const count of Object.values(kills)) expect(count).toBeGreaterThanOrEqual(2);
    expect(Object.keys(kills)).toHaveLength(6);
  },
  PATIENCE_MS,
);

test(
  'control: a movie that is paid a second time is found',
  async () => {
    const { violations } = await playUpKills({
      ...quiet,
      rounds: 1,
      meddle: async ({ said }, [key = '']) => {
        await fetch(`${String(said['json2videoUrl'])}/v2/movies`, {
          method: 'POST',
          headers: { 'x-api-key': 'local-key', 'content-type': 'application/json' },
          body: JSON.stringify({ ...CARD, 'client-data': { renderonce: { key } } }),
        });
      },
    });
    expect(violations).toEqual([expect.stringMatching(/^paid 2 times: /)]);
  },
  PATIENCE_MS,
);
