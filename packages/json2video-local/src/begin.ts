import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { parseFaultRule } from './faults/fault-rule.js';
import { OptionInvalid } from './invalid.js';
import type { FakeOptions } from './options.js';
import { StaleLines } from './records/compaction.js';
import { readLedger } from './records/ledger-file.js';
import { Replay } from './records/ledger-replay.js';
import { scenarioNamed } from './scenarios.js';
import type { World } from './world.js';

/** Lead over the machine's time from which the clock is written down: more than it announces at its normal speed. */
const AHEAD_MS = 2_000;

/**
 * Brings back an earlier run from the data folder, and puts the options in force. Movies stand still until
 * `resumeMovies`, because their callbacks hold the server's address.
 *
 * @throws OptionInvalid if an option or the folder cannot be used
 */
export function beginWorld(world: World, options: FakeOptions): void {
  const { ledger, clock } = world;
  const replay = new Replay(world);
  if (options.dataFolder !== undefined) {
    const file = join(options.dataFolder, 'ledger.jsonl');
    readPast(file, world, replay);
    clock.notBefore(replay.clockMs);
    ledger.open(file);
    if (!replay.hasPast) open(world);
    keepChanges(world, options);
  }
  applyOptions(world, options, replay);
}

/** Writes down the time that the clock shows at the end. */
export function keepClock({ clock, ledger }: World): void {
  clock.onAhead = undefined;
  ledger.append({ event: 'clock', at: new Date(clock.now()).toISOString() });
}

/** Goes on with the movies of an earlier run: renders, and callbacks that are due. */
export function resumeMovies({ store, renders }: World): void {
  for (const movie of store.all()) renders.resume(movie);
}

/** Makes the folder. @throws OptionInvalid */
export function makeDataFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch {
    throw new OptionInvalid(`${path} cannot be used as a data folder.`);
  }
}

/** Adds a scenario's rules and switches to those in force; returns the IDs of its rules. @throws OptionInvalid */
export function playScenario(world: World, name: string): string[] {
  const { switches = {}, faults = [] } = scenarioOf(name);
  world.switches.change(switches);
  return faults.map((rule) => world.book.add(parseFaultRule(rule)));
}

function scenarioOf(name: string): NonNullable<ReturnType<typeof scenarioNamed>> {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new OptionInvalid(`There is no scenario "${name}".`);
  return scenario;
}

function readPast(file: string, { store }: World, replay: Replay): void {
  const stale = new StaleLines();
  for (const entry of readLedger(file)) {
    replay.take(entry);
    stale.see(entry);
  }
  const forgottenMovies = replay.acceptedMovies - store.all().length;
  stale.compact(file, (project) => store.get(project) !== undefined, forgottenMovies);
}

/** Writes the facts with which a new account begins. */
function open({ ledger, clock, credits, site, random }: World): void {
  const at = new Date(clock.now()).toISOString();
  const { clientId } = site;
  ledger.append({
    event: 'opened',
    version: 1,
    at,
    credits: credits.initial,
    clientId,
    random: random.state,
  });
}

const switchOption = ({ scenarios = [], switches = {} }: FakeOptions): string =>
  JSON.stringify({ scenarios, switches });

/** Writes down what changes outside movies. */
function keepChanges(world: World, options: FakeOptions): void {
  const { ledger, clock, templates, switches, random } = world;
  const at = (): string => new Date(clock.now()).toISOString();
  const option = switchOption(options);
  clock.onAhead = (untilMs) => {
    // A start without `startAt` begins with the machine's own time, so a clock that keeps to it needs no note.
    if (options.startAt !== undefined || untilMs > Date.now() + AHEAD_MS)
      ledger.append({ event: 'clock', at: new Date(untilMs).toISOString() });
  };
  templates.onChange = (id, template, from) => {
    const copy = template === null ? null : { ...template, tags: [...template.tags] };
    const origin = from === undefined ? {} : { option: from };
    ledger.append({ event: 'template', at: at(), id, template: copy, ...origin, random: random.state });
  };
  switches.onKeep = (positions) => ledger.append({ event: 'switches', at: at(), option, positions });
}

/**
 * Puts options in force. Templates and switches that were changed at run time stay as they are, unless their options
 * differ from those of the start before.
 */
function applyOptions(world: World, options: FakeOptions, replay: Replay): void {
  const { templates, switches, book, clock } = world;
  const scenarios = (options.scenarios ?? []).map(scenarioOf);
  if (replay.switches?.option === switchOption(options)) switches.restore(replay.switches.positions);
  else switches.change(Object.assign({}, ...scenarios.map((each) => each.switches), options.switches));
  const startedAt = clock.now();
  for (const [id, template] of Object.entries(options.templates ?? {})) {
    const option = JSON.stringify(template);
    if (replay.templateOptions.get(id) !== option) templates.put(id, template, startedAt, option);
  }
  const faults = [...scenarios.flatMap((each) => each.faults ?? []), ...(options.faults ?? [])];
  for (const rule of faults) book.add(parseFaultRule(rule));
}
