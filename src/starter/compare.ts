import type { Client } from '@temporalio/client';
import { IdempotencyKeyReused } from '../render/errors.js';
import type { UnfinishedOutcome } from '../render/outcome.js';
import { proposedVersion } from '../render/next-version.js';
import { fingerprintOf } from '../movie/fingerprint.js';
import { withoutIgnored } from '../movie/ignored.js';
import { askEngine } from '../temporal/ask-engine.js';
import { describeCurrentRun, readRunResult } from '../temporal/current-run.js';
import { readStartedRun } from '../temporal/started-run.js';
import { differingPaths } from '../text/json.js';
import type { PreparedCall } from './prepare.js';

/** The part of a call that is compared with a run. */
type ComparedCall = Pick<PreparedCall, 'key' | 'movie'>;

/** The identity of a run's movie. */
interface RunMovie {
  readonly fingerprint?: string | undefined;
  /** Places that the fingerprint leaves out. */
  readonly ignore?: readonly string[] | undefined;
}

/** True if a run is of the call's movie, by the run's own list of places that do not count. */
export function isSameMovie(
  call: Pick<ComparedCall, 'movie'>,
  { fingerprint, ignore = [] }: RunMovie,
): boolean {
  return fingerprint === fingerprintOf(call.movie, ignore);
}

/** Returns the paths at which the call's movie differs from that of the key's newest run; none if it cannot be read. */
export async function differencesOf(client: Client, call: ComparedCall): Promise<readonly string[]> {
  try {
    const [run, started] = await Promise.all([
      askEngine(client, call.key, () => describeCurrentRun(client, call.key)),
      askEngine(client, call.key, () => readStartedRun(client, { workflowId: call.key })),
    ]);
    if (started.movie === undefined) return [];
    const [theirs, ours] = [started.movie, call.movie].map((movie) =>
      withoutIgnored(movie, run?.ignore ?? []),
    );
    return differingPaths(theirs, ours);
  } catch {
    return [];
  }
}

/** Returns the error for a key that belongs to another movie, with the differences and what became of its render. */
export async function keyReused(
  client: Client,
  call: ComparedCall,
  project?: string,
): Promise<IdempotencyKeyReused> {
  const paths = await differencesOf(client, call);
  const outcome = await unfinishedOutcome(client, call.key);
  const places = paths.length === 0 ? '' : `; they differ at ${paths.join(', ')}`;
  const next = proposedVersion(call.key);
  const proposal = next === undefined ? '' : `. The next key is ${next}`;
  const fate =
    outcome === undefined
      ? ''
      : `. The render of that movie ended as ${outcome.status}: ${outcome.message}${proposal}`;
  return new IdempotencyKeyReused(`the key belongs to another movie${places}${fate}`, paths, {
    key: call.key,
    ...(project === undefined ? {} : { project }),
    outcome,
  });
}

async function unfinishedOutcome(client: Client, key: string): Promise<UnfinishedOutcome | undefined> {
  try {
    return await askEngine(client, key, async () => {
      const run = await describeCurrentRun(client, key);
      if (run?.status !== 'completed') return undefined;
      const result = await readRunResult(client, key, run.runId);
      return 'outcome' in result && result.outcome.status !== 'done' ? result.outcome : undefined;
    });
  } catch {
    return undefined;
  }
}
