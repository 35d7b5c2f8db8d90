import { fingerprintOf } from '../../src/movie/fingerprint.js';
import type { Outcome } from '../../src/render/outcome.js';
import type { SubmitOptions } from '../../src/starter/prepare.js';
import { Renders } from '../../src/starter.js';
import type { ScriptedEngine, ScriptedRun } from './scripted-engine.js';

export const MOVIE = { scenes: [{ duration: 5 }] };
export const OTHER_MOVIE = { scenes: [{ duration: 6 }] };
const HOUR_MS = 3_600_000;

/** The key's one run, closed an hour ago, of the callers' own movie. */
export function closed(
  status: ScriptedRun['status'],
  more: Partial<ScriptedRun> = {},
  movie: object = MOVIE,
): ScriptedRun {
  return {
    runId: 'run 1',
    status,
    request: {
      movie: { ...movie },
      fingerprint: fingerprintOf({ ...movie }),
      caller: 'another call',
      options: {},
    },
    startedAtMs: Date.now() - 2 * HOUR_MS,
    closedAtMs: Date.now() - HOUR_MS,
    ...more,
  };
}

export const DONE = { status: 'done', project: 'p1', key: 'key', caller: 'another call', submittedAt: '' };
export const completed = (movie = MOVIE): ScriptedRun =>
  closed(
    'completed',
    { outcome: { ...DONE, fingerprint: fingerprintOf(movie) } as unknown as Outcome },
    movie,
  );

const CALLERS = {
  submitOnce: (renders: Renders, options: SubmitOptions) => renders.submitOnce('key', MOVIE, options),
  start: (renders: Renders, options: SubmitOptions) => renders.start('key', MOVIE, options),
  result: (renders: Renders) => renders.result('key'),
} as const;
type Caller = keyof typeof CALLERS;

/** What a caller got: its answer, or the code of its error. */
export async function play(
  caller: Caller,
  engine: ScriptedEngine,
  options: SubmitOptions = {},
): Promise<unknown> {
  const renders = new Renders({ client: engine.client });
  return CALLERS[caller](renders, options).catch((error: unknown) =>
    error instanceof Error && 'code' in error ? error.code : error,
  );
}
