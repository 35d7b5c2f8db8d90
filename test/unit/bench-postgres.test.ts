import { expect, test } from 'vitest';
import { freePorts } from '../support/cluster/free-ports.js';
import { installationTable } from '../../bench/postgres/table.js';

test('ports of a server are different, and fit into the two bytes in which Temporal keeps them', async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
  expect(Math.max(...ports)).toBeLessThan(2 ** 15);
});

test('the table of the bench on Postgres has a row for each installation', () => {
  const table = installationTable([
    {
      name: 'Postgres, 512 shards, workers: 3',
      floorPerSecond: 40,
      atOncePerSecond: 22,
      after3sPerSecond: 24,
      after3sToFloor: 0.6,
      submitMs: 41.2,
      barePostMs: 1.2,
      serverMs: 20.5,
      cost: { events: 21, historyBytes: 4_700, stateTransitions: 12 },
      idleShare: 0.101,
      serverRssBytes: 272e6,
    },
  ]);
  expect(table.split('\n').at(-1)).toBe(
    '| Postgres, 512 shards, workers: 3 | 40 a second | 22 a second | 24 a second | 0.6 | 41 ms | 40 ms | ' +
      '20.5 ms | 21, 4700 bytes with the movie | 10.1 % of a core, 272 MB |',
  );
});
