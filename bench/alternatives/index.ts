import { seededRandom } from '../../test/support/random.js';
import type { FakeClient } from '../fake-client.js';
import { residentBytes } from '../measure/memory.js';
import { inRounds, type Turns } from '../measure/rounds.js';
import { sum } from '../measure/statistics.js';
import { CARD } from '../movies.js';
import type { Alternative } from './alternative.js';
import { type CalmLoad, type CalmTurn, measureCalm } from './calm.js';
import type { Bill } from './faults/bill.js';
import { faultList } from './faults/fault-list.js';
import { playFaults } from './faults/play-faults.js';
import { installPackages } from './install.js';
import { findPostgres } from '../../test/support/cluster/postgres.js';
import { type AlternativeReport, report } from './report.js';
import { type AlternativeName, NAMES, openStage, type Stage, WITH_ATTEMPTS } from './stage.js';

export interface AlternativesPlan {
  readonly rounds: number;
  readonly load: CalmLoad;
  /** Keys that meet each fault. */
  readonly keysOfEachFault: number;
  /** Of the order in which the faults come. */
  readonly seed: number;
  readonly names: readonly AlternativeName[];
  readonly say: (line: string) => void;
}

const PLAN: AlternativesPlan = {
  rounds: 5,
  load: { count: 300, atOnce: 50, samples: 40 },
  keysOfEachFault: 5,
  seed: 1,
  names: NAMES,
  say: () => undefined,
};

/** Five seconds of video. */
const PRICE = 5;

/** Makes sure that what they need is there, before anything is measured. @throws when Postgres is not installed */
export async function prepareAlternatives(say: (line: string) => void): Promise<void> {
  await findPostgres(process.env['PATH'] ?? '');
  await installPackages(say);
}

/**
 * Measures all of them in one run, on one provider: calm rounds by turns, then the same faults for each, one after
 * the other. What they need is there (`prepareAlternatives`).
 */
export async function measureAlternatives(
  wanted: Partial<AlternativesPlan> = {},
): Promise<Record<string, AlternativeReport>> {
  const plan = { ...PLAN, ...wanted };
  const stage = await openStage();
  try {
    plan.say(stage.postgresVersion);
    const reports: Record<string, AlternativeReport> = {};
    const all = await startAll(stage, plan.names);
    const turns = await inRounds(
      plan.rounds,
      calmTurns(all, stage.provider, plan.load),
      (name, round, { perSecond }) =>
        plan.say(`round ${round + 1}, ${name}: ${perSecond.toFixed(1)} a second`),
    );
    for (const [name, alternative] of all) {
      const memory = sum(alternative.processIds.map(residentBytes));
      const faults = await meetFaults(alternative, `${name}-faults`, stage.provider, plan);
      const careful = WITH_ATTEMPTS.includes(name) ? await meetFaultsCarefully(name, stage, plan) : undefined;
      reports[name] = report({
        turns: turns[name] ?? [],
        residentBytes: memory,
        faults,
        faultsWithOneAttempt: careful,
      });
      plan.say(`${name}: ${JSON.stringify(reports[name])}`);
    }
    return reports;
  } finally {
    await stage.close();
  }
}

async function startAll(
  stage: Stage,
  names: readonly AlternativeName[],
): Promise<Map<AlternativeName, Alternative>> {
  const started = new Map<AlternativeName, Alternative>();
  for (const name of names) started.set(name, await stage.start(name, 'documented'));
  return started;
}

function calmTurns(
  all: ReadonlyMap<AlternativeName, Alternative>,
  provider: FakeClient,
  load: CalmLoad,
): Turns<CalmTurn> {
  const turns = [...all].map(([name, alternative]) => {
    const turn = (round: number): Promise<CalmTurn> =>
      measureCalm(alternative, provider, { movie: CARD, prefix: `${name}-${round}`, load });
    return [name, turn] as const;
  });
  return Object.fromEntries(turns);
}

function meetFaults(
  alternative: Alternative,
  prefix: string,
  provider: FakeClient,
  { keysOfEachFault, seed }: AlternativesPlan,
): Promise<Bill> {
  const list = faultList(prefix, keysOfEachFault, seededRandom(seed));
  return playFaults({ alternative, provider, list, movie: CARD, price: PRICE });
}

/** As a user would set it up who knows that the call costs money: the paying step is never tried again. */
async function meetFaultsCarefully(
  name: AlternativeName,
  stage: Stage,
  plan: AlternativesPlan,
): Promise<Bill> {
  const careful = await stage.start(name, 'one');
  return meetFaults(careful, `${name}-careful`, stage.provider, plan);
}
