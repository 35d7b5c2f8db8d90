import type { Done } from '../operators/perform.js';
import type { Script } from '../operators/script.js';
import { type Habits, isReadable, MOST_LIST_LAG_MS } from '../provider/habits.js';
import type { RandomProvider } from '../provider/server.js';
import type { Held } from './check.js';

/** What the play knows of a provider and its keys. */
interface Known {
  readonly habits: Habits;
  readonly provider: Pick<RandomProvider, 'accepted' | 'lost'>;
  readonly done: readonly Done[];
  /** Keys of this provider to which nothing happens. */
  readonly calm: readonly string[];
  /** What its workers went through. */
  readonly lived: readonly string[];
}

/** The last look before a key is held may have begun so long before. */
const LOOK_MS = 15_000;

/** Describes the time before a key was held. */
export function heldOf({ key, options }: Script, atMs: number, known: Known): Held {
  const { habits, provider, calm, done, lived } = known;
  const listedMs = atMs - MOST_LIST_LAG_MS - LOOK_MS;
  const isOwn = !lived.some((sign) => sign.startsWith('worker key'));
  const hasWitness = provider.accepted.some(
    (each) =>
      each.key !== key && calm.includes(each.key) && each.atMs < listedMs && isTold(each.project, done),
  );
  // A submission that dies with its worker is lost, too.
  const killed = lived.includes('worker kill') ? 1 : 0;
  return {
    atMs,
    isWitnessed: isReadable(habits) && isOwn && hasWitness,
    losses: provider.lost.filter((each) => each === key).length + killed,
    resubmissions: options.resubmissions ?? 1,
  };
}

/** True if a caller got the project, so that the engine knows it. */
function isTold(project: string, done: readonly Done[]): boolean {
  return done.some(({ told }) => told !== undefined && 'value' in told && told.value['project'] === project);
}
