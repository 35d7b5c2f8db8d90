import { playCrowd } from '../support/budget-crowd.js';
import { seededRandom } from '../support/random.js';
import { openStage } from '../support/stage.js';

/** A limit for 50 movies. */
const MOVIES = 50;

/**
 * Plays 1,000 submissions from four processes against a budget for 50 movies, then 300 while workers are killed at random.
 * Returns what should not have happened.
 */
export async function playBudgetCrowd(seed: number, say: (line: string) => void): Promise<readonly string[]> {
  const stage = await openStage({ engine: 'memory', provider: { timeScale: 20 } });
  const crowd = { movies: MOVIES, processes: 4 };
  const wrong: string[] = [];
  try {
    const calm = await playCrowd(stage, { ...crowd, submissions: 1_000, workers: 2, updatesPerRun: 100 });
    say(`1,000 submissions: ${JSON.stringify(calm.answers)}, ${calm.accepted} accepted, ${calm.runs} runs`);
    if (calm.accepted !== MOVIES) wrong.push(`${calm.accepted} movies were accepted, and not ${MOVIES}`);
    if (calm.budget.all.posted !== calm.charged)
      wrong.push(`${calm.budget.all.posted} credits were posted, and ${calm.charged} charged`);
    const killed = await playCrowd(stage, {
      ...crowd,
      submissions: 300,
      workers: 3,
      updatesPerRun: 10,
      submitTimeoutSeconds: 15,
      killEveryMs: 1_500,
      random: seededRandom(seed),
    });
    say(`300 submissions, ${killed.kills} kills: ${killed.accepted} accepted, ${killed.runs} runs`);
    if (killed.accepted > MOVIES) wrong.push(`${killed.accepted} movies were accepted under kills`);
    if (killed.budget.all.posted !== killed.charged)
      wrong.push(
        `under kills ${killed.budget.all.posted} credits were posted, and ${killed.charged} charged`,
      );
  } finally {
    await stage.close();
  }
  return wrong;
}
