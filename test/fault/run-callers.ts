import type { CellKey } from './aim.js';
import { Callers, TRY_AGAIN } from './callers.js';
import type { Violation } from './check.js';
import { movieOf, optionsOf } from './cell-keys.js';
import { until } from '../support/until.js';
import type { FaultStage } from './fault-stage.js';
import { OVER_HTTP, Play, playCell, type RunResult } from './play.js';
import type { Asked, Called } from './starter.js';

/** Many callers ask for the same keys at once. */
export interface CallersCell {
  readonly callers: number;
  readonly keys: number;
  /** Half of the callers ask HTTP servers, one of which is killed and replaced meanwhile; all use the library by default. */
  readonly via?: 'http';
}

/** So many backends share the callers. */
const STARTERS = 4;

/** So many keys are asked for at once; more would only wait for the engine. */
const KEYS_AT_ONCE = 3;

/** A server answers within this time on a busy machine. */
const REACH_MS = 90_000;

/** A minute and a half, and longer on a busy machine. */
const MAX_TRIES = 20;

/** Lets many callers ask for each key at once: all must be told of one project, and one of them that it was the first. */
export function runCallers(stage: FaultStage, cell: CallersCell, id: string): Promise<RunResult> {
  const keys = Array.from({ length: cell.keys }, (_, index): CellKey => ({
    key: `${id}-${index}`,
    wait: 'webhook',
    outcome: 'done',
    resubmissions: 1,
  }));
  const play = new Play(stage, keys, id);
  return playCell(play, async () => {
    await play.startSafeWorker();
    const overHttp = cell.via === 'http' ? await openServers(play) : undefined;
    const share = overHttp === undefined ? STARTERS : STARTERS / 2;
    const starters = await Promise.all(Array.from({ length: share }, () => play.startStarter()));
    const backends = [...starters.map((starter) => starter.on(play.taskQueue)), ...(overHttp?.callers ?? [])];
    // The last one, so that the ends are told over HTTP if there are servers.
    const last = backends.at(-1);
    if (last === undefined) throw new Error('no backend');
    const violations: Violation[] = [];
    const waiting = [...keys];
    const race = async (): Promise<void> => {
      for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
        violations.push(...(await raceFor(key, backends, cell.callers)));
      }
    };
    await Promise.all([...Array.from({ length: KEYS_AT_ONCE }, race), overHttp?.killOne()]);
    play.note(`${cell.callers} callers at once`, keys);
    const callers = new Callers(last);
    return {
      callers,
      answers: keys.map((key) => callers.ask(key)),
      check: () => Promise.resolve(violations),
    };
  });
}

/** Opens two servers with a caller each. */
async function openServers(play: Play) {
  let doomed = await play.startServer();
  const other = await play.startServer();
  const callers: readonly Asked[] = [play.httpCaller(() => doomed), play.httpCaller(() => other)];
  const killOne = async (): Promise<void> => {
    await until('callers over HTTP are at work', () => (play.fired[OVER_HTTP] ?? []).length > 0, REACH_MS);
    doomed.kill('SIGKILL');
    await doomed.exit;
    doomed = await play.startServer();
  };
  return { callers, killOne };
}

/** A caller whose deadline has passed asks again, as every backend does. */
async function submit(backend: Asked, key: CellKey): Promise<Called> {
  for (let tries = 1; ; tries += 1) {
    const called = await backend.call('submitOnce', key.key, movieOf(key), optionsOf(key));
    const isPending = 'error' in called && TRY_AGAIN.has(called.error.code);
    if (!isPending || tries === MAX_TRIES) return called;
  }
}

async function raceFor(
  key: CellKey,
  backends: readonly Asked[],
  callers: number,
): Promise<readonly Violation[]> {
  const share = Math.ceil(callers / backends.length);
  const calls = backends.flatMap((backend) => Array.from({ length: share }, () => submit(backend, key)));
  return wrongAnswers(key.key, await Promise.all(calls));
}

/** What is wrong with the answers to callers of one key. */
export function wrongAnswers(key: string, called: readonly Called[]): readonly Violation[] {
  const values = called.flatMap((each) => ('value' in each ? [each.value] : []));
  const errors = called.flatMap((each) =>
    'value' in each ? [] : ['error' in each ? each.error.code : 'gone'],
  );
  const projects = new Set(values.map(({ project }) => project));
  const firsts = values.filter(({ replayed }) => replayed === false).length;
  const wrong = (what: string): Violation => ({ rule: 'agreement', key, what });
  return [
    ...(errors.length > 0
      ? [wrong(`${errors.length} callers got no answer: ${[...new Set(errors)].join(', ')}`)]
      : []),
    ...(projects.size > 1 ? [wrong(`callers were told of ${projects.size} projects`)] : []),
    ...(firsts > 1 ? [wrong(`${firsts} callers were told that they were the first`)] : []),
  ];
}
