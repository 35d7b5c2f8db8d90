import { setTimeout as pause } from 'node:timers/promises';
import type { CellKey } from './aim.js';
import { Callers } from './callers.js';
import type { Violation } from './check.js';
import { submissionEnds } from './engine-view.js';
import type { FaultStage } from './fault-stage.js';
import { HTTP_FAULTS, type HttpFault } from './http-faults.js';
import { Play, playCell, type RunResult } from './play.js';

export const CALLS = ['create', 'status', 'list'] as const;

/** Every HTTP fault, each on a key of its own, all met by one kind of request. */
export interface HttpCell {
  readonly call: (typeof CALLS)[number];
  /** So many keys of each fault, 1 by default. */
  readonly keysOfEach?: number;
  /** So often each fault stands in front of the list, 1 by default: a key may meet several before its look succeeds. */
  readonly timesOfEach?: number;
}

/** What a fault costs is counted, so that no attempt may end for want of processor time. */
const BETWEEN_KEYS_MS = 150;

/** Workers that read the list at the same time. */
const READERS = 4;

/** Plays all HTTP faults on one kind of request, and checks what is made of each and how many requests it costs. */
export async function runHttp(
  shared: FaultStage,
  { call, keysOfEach = 1, timesOfEach = 1 }: HttpCell,
  id: string,
): Promise<RunResult> {
  const ofKeys = Array.from({ length: keysOfEach }, () => HTTP_FAULTS).flat();
  const faults = call === 'list' ? rowOf(timesOfEach) : ofKeys;
  const keys = ofKeys.map(({ create }, index): CellKey => ({
    key: `${id}-${call}-${index}`,
    wait: 'poll',
    outcome: 'done',
    resubmissions: 1,
    isRejected: call === 'create' && create.end === 'rejected',
  }));
  // A list is of no key: what it meets must be no other cell's.
  const stage = call === 'list' ? await shared.withOwnProvider() : shared;
  const play = new Play(stage, keys, id);
  try {
    return await playCell(play, async () => {
      const rules = await armFaults(stage, keys, faults, call);
      // The keys of one worker share its readings, and each reading meets one fault only.
      for (let count = call === 'list' ? READERS : 1; count > 0; count -= 1) await play.startSafeWorker();
      const callers = new Callers(await play.backend());
      const answers = keys.map(async (key, index) => {
        await pause(index * BETWEEN_KEYS_MS);
        return callers.ask(key);
      });
      return { callers, answers, check: () => checkFaults(play, faults, rules, call) };
    });
  } finally {
    if (stage !== shared) await stage.fake.stop();
  }
}

/** What is believed in spite of its fault comes last: it settles all keys of a worker. */
function rowOf(times: number): readonly HttpFault[] {
  const row = Array.from({ length: times }, () => HTTP_FAULTS).flat();
  return row.toSorted((one, other) => other.reads - one.reads);
}

/** In front of the list the faults stand in a row, and each look takes the next. */
async function armFaults(
  { fake }: FaultStage,
  keys: readonly CellKey[],
  faults: readonly HttpFault[],
  call: HttpCell['call'],
): Promise<readonly string[]> {
  const rules: string[] = [];
  if (call === 'list') {
    for (const { key } of keys) {
      await fake.fault({ match: { call: 'create', key }, effect: { kind: 'reset-after' }, times: 1 });
    }
  }
  for (const [index, { effect }] of faults.entries()) {
    const key = keys[index]?.key ?? '';
    rules.push(await fake.fault({ match: { call, ...(call === 'list' ? {} : { key }) }, effect, times: 1 }));
  }
  return rules;
}

async function checkFaults(
  play: Play,
  faults: readonly HttpFault[],
  rules: readonly string[],
  call: HttpCell['call'],
): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  const met = new Map<string, readonly CellKey[]>();
  for (const [index, fault] of faults.entries()) {
    // Those that met a fault of the list are not known, only that they were others each time.
    const key = play.keys[index % play.keys.length];
    if (key === undefined) continue;
    const applied = await play.stage.fake.removeFault(rules[index] ?? '');
    met.set(fault.name, [...(met.get(fault.name) ?? []), ...(applied > 0 ? [key] : [])]);
    if (call !== 'list') violations.push(...(await checkFault(play.stage, key, fault, call)));
  }
  for (const [name, keys] of met) play.note(`${call}: ${name}`, keys);
  if (call === 'list') violations.push(...(await checkLooks(play, faults)));
  return violations;
}

/** How the submissions of a key end that meets a fault, apart from refusals. */
const DUE: Readonly<Record<HttpFault['create']['end'], (posts: number) => string>> = {
  refused: () => 'accepted',
  rejected: () => 'rejected',
  unknown: (posts) => (posts === 1 ? 'unknown' : 'unknown,accepted'),
};

async function checkFault(
  { client, fake }: FaultStage,
  { key }: CellKey,
  { name, create, reads }: HttpFault,
  call: 'create' | 'status',
): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  const wrong = (what: string): void =>
    void violations.push({ rule: 'class', key, what: `${name}: ${what}` });
  const requests = (await fake.requests({ call, key })).length;
  const expected = call === 'create' ? create.posts : reads;
  if (requests !== expected) wrong(`${requests} requests (${call}), not ${expected}`);
  // An attempt that could not ask the engine in time sent nothing, and was refused before the fault was met.
  const ends = (await submissionEnds(client, key)).filter((end) => end !== 'refused');
  const due = call === 'create' ? DUE[create.end](create.posts) : 'accepted';
  if (ends.join() !== due) wrong(`the submissions were ${ends.join()}, not ${due}`);
  return violations;
}

/** Keys share readings, so there may be fewer than one for each key and one more for each fault; each fault is met. */
async function checkLooks(
  { stage, keys }: Play,
  faults: readonly HttpFault[],
): Promise<readonly Violation[]> {
  const looks = (await stage.fake.requests({ call: 'list' })).length;
  const most = keys.length + faults.reduce((sum, { reads }) => sum + reads - 1, 0);
  const what = `${looks} looks, not from ${faults.length} to ${most}`;
  return looks >= faults.length && looks <= most ? [] : [{ rule: 'class', what }];
}
