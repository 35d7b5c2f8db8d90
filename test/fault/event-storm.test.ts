import { expect, test } from 'vitest';
import type { Plant } from '../support/planted-dist.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { playEventStorm, type StormSeen } from './event-storm.js';

expectNoProcessLeft();

const PATIENCE_MS = 300_000;

/** The engine repeats the attempts of a killed worker after 5 s, and not after 30. */
const SOONER: Plant = {
  file: 'workflow-bundle.js',
  from: "startToCloseTimeout: '30s'",
  to: "startToCloseTimeout: '5s'",
};

/** Plays a storm; undefined if there is no receiver, except with `CI` set. */
async function stormOf(events: number, plants: readonly Plant[] = []): Promise<StormSeen | undefined> {
  const storm = { events, seed: 1, say: () => undefined, plants: [SOONER, ...plants] };
  const seen = await playEventStorm(storm);
  if (typeof seen !== 'string') return seen;
  if (process.env['CI'] !== undefined) throw new Error(seen);
  return undefined;
}

test.concurrent(
  'a receiver that fails, dies and comes back has one effect of each event, also if a worker is killed',
  async (context) => {
    const seen = await stormOf(200);
    if (seen === undefined) return context.skip();
    expect(seen).toMatchObject({ violations: [], events: 200, effects: 200, workerKills: 1 });
    expect(seen.failed).toBeGreaterThan(40);
    expect(seen.receiverKills).toBeGreaterThan(0);
  },
  PATIENCE_MS,
);

test.concurrent(
  'control: it is found that each attempt has an ID of its own, and that an event is given up at its first failure',
  async (context) => {
    const bugs: readonly Plant[] = [
      {
        file: 'events/body.js',
        from: 'JSON.stringify([namespace, ...subject, type])',
        to: 'JSON.stringify([namespace, ...subject, type, Math.random()])',
      },
      {
        file: 'activities/send-event.js',
        from: 'if (pauseMs === undefined)',
        to: 'if (made === 0)',
      },
    ];
    const seen = await stormOf(60, bugs);
    if (seen === undefined) return context.skip();
    const found = seen.violations.join('\n');
    expect(found).toMatch(/60 events had no effect/);
    expect(found).toMatch(/effects have an ID that no event has/);
    expect(found).toMatch(/events were given up/);
  },
  PATIENCE_MS,
);
