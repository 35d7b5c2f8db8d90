import type { CellKey } from './aim.js';
import { Callers } from './callers.js';
import type { Violation } from './check.js';
import { movieOf, optionsOf } from './cell-keys.js';
import type { FaultStage } from './fault-stage.js';
import { Play, playCell, type RunOptions, type RunResult } from './play.js';
import type { Called, Starter } from './starter.js';

/** Many callers ask for the same keys at once. */
export interface CallersCell {
  readonly callers: number;
  readonly keys: number;
}

/** So many backends share the callers. */
const STARTERS = 4;

/** So many keys are asked for at once; more would only wait for the engine. */
const KEYS_AT_ONCE = 5;

/** Lets many callers ask for each key at once: all must be told of one project, and one of them that it was the first. */
export function runCallers(
  stage: FaultStage,
  cell: CallersCell,
  id: string,
  options: RunOptions = {},
): Promise<RunResult> {
  const keys = Array.from({ length: cell.keys }, (_, index): CellKey => ({
    key: `${id}-${index}`,
    wait: 'webhook',
    outcome: 'done',
    resubmissions: 1,
  }));
  const play = new Play(stage, keys, id, options);
  return playCell(play, async () => {
    await play.startWorker();
    const starters = await Promise.all(Array.from({ length: STARTERS }, () => play.startStarter()));
    const [first] = starters;
    if (first === undefined) throw new Error('no starter');
    const violations: Violation[] = [];
    const waiting = [...keys];
    const race = async (): Promise<void> => {
      for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
        violations.push(...(await raceFor(key, starters, cell.callers)));
      }
    };
    await Promise.all(Array.from({ length: KEYS_AT_ONCE }, race));
    play.note(`${cell.callers} callers at once`, keys);
    const callers = new Callers(first);
    return {
      callers,
      answers: keys.map((key) => callers.ask(key)),
      check: () => Promise.resolve(violations),
    };
  });
}

async function raceFor(
  key: CellKey,
  starters: readonly Starter[],
  callers: number,
): Promise<readonly Violation[]> {
  const options = { ...optionsOf(key), deadlineMs: 60_000 };
  const share = Math.ceil(callers / starters.length);
  const calls = starters.flatMap((starter) =>
    Array.from({ length: share }, () => starter.call('submitOnce', key.key, movieOf(key), options)),
  );
  return wrongAnswers(key.key, await Promise.all(calls));
}

/** What is wrong with the answers to callers of one key. */
export function wrongAnswers(key: string, called: readonly Called[]): readonly Violation[] {
  const values = called.flatMap((each) => ('value' in each ? [each.value] : []));
  const projects = new Set(values.map(({ project }) => project));
  const firsts = values.filter(({ replayed }) => replayed === false).length;
  const wrong = (what: string): Violation => ({ rule: 'agreement', key, what });
  return [
    ...(values.length < called.length
      ? [wrong(`${called.length - values.length} callers got no answer`)]
      : []),
    ...(projects.size > 1 ? [wrong(`callers were told of ${projects.size} projects`)] : []),
    ...(firsts > 1 ? [wrong(`${firsts} callers were told that they were the first`)] : []),
  ];
}
