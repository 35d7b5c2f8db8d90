import { playCrowd } from '../support/budget-crowd.js';
import { playLeak } from '../support/budget-leak.js';
import { seededRandom } from '../support/random.js';
import { openStage } from '../support/stage.js';

/** A limit for 50 movies. */
const MOVIES = 50;
const SUBMISSIONS = 1_000;

type Say = (line: string) => void;

/** The result of all crowds, each with a budget of its own. */
export interface BudgetCrowds {
  readonly budgets: number;
  readonly kills: number;
  /** Keys for which a movie was accepted, and all movies that were. */
  readonly keys: number;
  readonly accepted: number;
  readonly violations: readonly string[];
}

/**
 * Plays many submissions from four processes, 1,000 by default, against a budget for 50 movies, then the same while workers
 * are killed at random, half of the POSTs are refused, and the budget continues as new every 10 reservations.
 */
export async function playBudgetCrowd(
  seed: number,
  say: Say,
  submissions = SUBMISSIONS,
): Promise<BudgetCrowds> {
  const crowd = { movies: MOVIES, processes: 4, submissions };
  const stage = await openStage({ engine: 'memory', provider: { timeScale: 20 } });
  try {
    const calm = await playCrowd(stage, { ...crowd, workers: 2, updatesPerRun: 100 });
    const isExact = calm.accepted === MOVIES && calm.answers['accepted'] === MOVIES;
    const wrong = isExact ? [] : [`${calm.accepted} movies were accepted, and not ${MOVIES}`];
    say(`${submissions} submissions: ${told(calm)}`);
    await stage.fake.fault({
      match: { call: 'create', probability: 0.5 },
      effect: { kind: 'status', code: 429, accept: false, body: '{"success":false,"message":"slow down"}' },
    });
    const killed = await playCrowd(stage, {
      ...crowd,
      workers: 3,
      updatesPerRun: 10,
      submitTimeoutSeconds: 15,
      killEveryMs: 1_500,
      mostKills: 30,
      random: seededRandom(seed),
    });
    say(`${submissions} submissions, ${killed.kills} kills: ${told(killed)}`);
    return {
      budgets: 2,
      kills: killed.kills,
      keys: calm.keys + killed.keys,
      accepted: calm.accepted + killed.accepted,
      violations: [...wrong, ...faultsOf(calm), ...faultsOf(killed).map((fault) => `under kills: ${fault}`)],
    };
  } finally {
    await stage.close();
  }
}

type End = Awaited<ReturnType<typeof playCrowd>>;

function told({ answers, accepted, charged, runs, budget }: End): string {
  const { posted, inDoubt } = budget.all;
  return `${JSON.stringify(answers)}, ${accepted} accepted, ${charged} credits charged, ${posted} posted, ${inDoubt} in doubt, ${runs} runs of the budget`;
}

/** Rules for every crowd that has come to its end. */
function faultsOf({ answers, accepted, keys, charged, budget }: End): string[] {
  const { posted, inDoubt } = budget.all;
  const others = Object.entries(answers).filter(([code]) => code !== 'accepted' && code !== 'BudgetExceeded');
  return [
    ...(accepted > MOVIES ? [`${accepted} movies were accepted of ${MOVIES}`] : []),
    ...(keys === accepted ? [] : [`${accepted} movies were accepted for ${keys} keys`]),
    ...(posted === charged && inDoubt === 0
      ? []
      : [`${posted} credits were posted, ${inDoubt} are in doubt, and ${charged} were charged`]),
    ...others.map(([code, count]) => `${count} callers were neither accepted nor denied: ${code}`),
  ];
}

/** Plays many renders from one budget, with refusals, rejections and lost replies. Returns what should not have happened. */
export async function playBudgetLeak(renders: number, say: Say): Promise<readonly string[]> {
  const stage = await openStage({ engine: 'memory', provider: { renderSeconds: 1 } });
  try {
    await stage.startReceiver();
    await stage.startWorker();
    const startedMs = Date.now();
    const { ends, charged, budget, runs, longest } = await playLeak(stage, { renders, say });
    const { posted, reserved, inDoubt } = budget.all;
    const seconds = Math.round((Date.now() - startedMs) / 1_000);
    say(
      `${renders} renders in ${seconds} s: ${JSON.stringify(ends)}, ${charged} credits charged, ${posted} posted, ${reserved} reserved, ${inDoubt} in doubt, ${runs} runs of the budget, the longest of ${longest} events`,
    );
    return [
      ...(reserved === 0 && inDoubt === 0 ? [] : [`${reserved} credits are reserved, ${inDoubt} in doubt`]),
      ...(posted === charged ? [] : [`${posted} credits were posted, and ${charged} charged`]),
      ...(longest <= 4_500 ? [] : [`a run of the budget has ${longest} events`]),
    ];
  } finally {
    await stage.close();
  }
}
