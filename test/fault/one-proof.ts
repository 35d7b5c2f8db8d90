import { playBudgetCrowd, playBudgetLeak } from './budget-crowd.js';
import { playEngineKills } from './engine-kills.js';
import { playEventKills } from './event-kills.js';
import { EVENT_POINTS } from './event-points.js';
import { playEventStorm } from './event-storm.js';
import { playKeepKills } from './keep-kills.js';
import { KEEP_POINTS } from './keep-points.js';
import type { proofOptions } from './proof-options.js';
import { playUpKills } from './up-kills.js';
import { playVersionKills } from './version-kills.js';

type Options = Exclude<ReturnType<typeof proofOptions>, string>;
type Say = (line: string) => void;

/** Plays the proof of one part that the options name. Returns true if it found nothing, undefined if they name none. */
export async function playOneProof(options: Options, say: Say): Promise<boolean | undefined> {
  const play = proofOf(options, say);
  if (play === undefined) return undefined;
  const violations = await play();
  for (const line of violations) say(line);
  return violations.length === 0;
}

function proofOf(options: Options, say: Say): (() => Promise<readonly string[]>) | undefined {
  const { seed, 'engine-kills': engineKills, 'up-kills': upKills, 'version-kills': versionKills } = options;
  const { 'event-storm': events, 'budget-leak': renders } = options;
  if (engineKills !== undefined) return () => killEngine({ rounds: engineKills, seed, say });
  if (upKills !== undefined) return () => killUp({ rounds: upKills, seed, say });
  if (versionKills !== undefined) return () => killVersions({ rounds: versionKills, seed, say });
  if (events !== undefined) return () => storm({ events, seed, say, engine: 'memory' });
  if (renders !== undefined) return () => playBudgetLeak(renders, say);
  if (options['keep-kills'] === true) return () => killKeepers(say);
  if (options['event-kills'] === true) return () => killSenders(say);
  return options['budget-crowd'] === true
    ? async () => (await playBudgetCrowd(seed, say)).violations
    : undefined;
}

async function killEngine(rounds: Parameters<typeof playEngineKills>[0]): Promise<readonly string[]> {
  rounds.say(`SEED=${rounds.seed}`);
  const { keys, acknowledged, open, violations } = await playEngineKills(rounds);
  rounds.say(
    `${rounds.rounds} kills: ${keys} keys, ${acknowledged} acknowledged, ${open} calls open at the kills, ${violations.length} violations`,
  );
  return violations;
}

async function killUp(rounds: Parameters<typeof playUpKills>[0]): Promise<readonly string[]> {
  rounds.say(`SEED=${rounds.seed}`);
  const { keys, acknowledged, inFlight, kills, violations } = await playUpKills(rounds);
  const each = Object.entries(kills).map(([name, count]) => `${name} ${count}`);
  rounds.say(
    `${rounds.rounds} rounds, killed: ${each.join(', ')}; ${keys} keys, ${acknowledged} acknowledged, ${inFlight} renders in flight at the kills, ${violations.length} violations`,
  );
  return violations;
}

async function killVersions(rounds: Parameters<typeof playVersionKills>[0]): Promise<readonly string[]> {
  rounds.say(`SEED=${rounds.seed}`);
  const { keys, violations } = await playVersionKills(rounds);
  rounds.say(`${rounds.rounds} kills, ${keys} keys, ${violations.length} violations`);
  return violations;
}

async function killKeepers(say: Say): Promise<readonly string[]> {
  const found = await playKeepKills({ points: KEEP_POINTS, say, engine: 'memory' });
  const violations = typeof found === 'string' ? [found] : found;
  say(`${KEEP_POINTS.length} kills, ${violations.length} violations`);
  return violations;
}

async function killSenders(say: Say): Promise<readonly string[]> {
  const violations = await playEventKills({ points: EVENT_POINTS, say, engine: 'memory' });
  say(`${EVENT_POINTS.length} kills, ${violations.length} violations`);
  return violations;
}

async function storm(terms: Parameters<typeof playEventStorm>[0]): Promise<readonly string[]> {
  terms.say(`SEED=${terms.seed}`);
  const seen = await playEventStorm(terms);
  if (typeof seen === 'string') return [seen];
  const { events, requests, failed, dead, unsigned, effects, receiverKills, workerKills, seconds } = seen;
  terms.say(
    `${events} events in ${seconds.toFixed(0)} s: ${requests} requests, ${failed} failed by draw, ${dead} found no receiver, ${unsigned} signed wrongly; receiver killed ${receiverKills} times, worker ${workerKills}; ${effects} effects, ${seen.violations.length} violations`,
  );
  return seen.violations;
}
