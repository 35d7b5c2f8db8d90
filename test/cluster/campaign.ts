import { setTimeout as pause } from 'node:timers/promises';
import { checkCell, type Violation } from '../fault/check.js';
import { auditOf } from '../support/audited-movies.js';
import type { PostgresEngine } from '../support/cluster/postgres-engine.js';
import { seededRandom } from '../support/random.js';
import { SECRET, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { openClusterStage } from './cluster.js';
import { Crowd } from './crowd.js';
import { type Build, Fleet } from './fleet.js';

/** Something that is done to an installation under load. */
interface Happening {
  /** The share of the keys that have been begun by then. */
  readonly at: number;
  readonly what: string;
  readonly happen: (ground: Ground) => Promise<void>;
}

/** An installation under load. */
export interface Ground {
  readonly stage: Stage;
  readonly fleet: Fleet;
}

export interface Campaign {
  readonly cluster: PostgresEngine;
  /** Also the namespace. */
  readonly name: string;
  readonly renders: number;
  readonly perSecond: number;
  /** One of the workers is killed so often while keys are begun. */
  readonly killEveryMs: number;
  readonly workers: Build;
  /** 3 by default. */
  readonly workerCount?: number;
  /** Before the first key, when the workers run. */
  readonly prepare?: (ground: Ground) => Promise<void>;
  readonly happenings: readonly Happening[];
  readonly say?: (line: string) => void;
}

export interface CampaignResult {
  /** One line for each violation. */
  readonly violations: readonly string[];
  readonly callers: number;
  readonly accepted: number;
  /** Builds of the workers that were killed. */
  readonly killed: readonly string[];
  /** Movies that were accepted without that a worker lived to read the reply. */
  readonly repliesLost: number;
  readonly seconds: number;
}

const SERVERS = 2;
/** The provider answers so late that a killed worker has several submissions on their way. */
const SLOW_REPLY = { match: { call: 'create' }, effect: { kind: 'delay', ms: 4_000 } } as const;
/** A thousand callers come from one address. */
const NO_RATE_LIMIT = { RENDERONCE_REQUESTS_PER_MINUTE: '1000000' };
const LONGEST_MS = 3_600_000;
/** The last keys begin when all has happened. */
const LAST_KEYS_AT = 0.95;

/**
 * Lets callers ask three workers through two HTTP servers, kills workers and does other things meanwhile, and then
 * compares what the callers were told with the provider's ledger. `renderonce audit` must find nothing either.
 */
export async function playCampaign(campaign: Campaign): Promise<CampaignResult> {
  const { cluster, name, renders, perSecond, workers, workerCount = 3, say = () => undefined } = campaign;
  const provider = { renderSeconds: 3, faults: [SLOW_REPLY] };
  const stage = await openClusterStage(cluster, name, { provider, env: { RENDERONCE_TASK_QUEUE: name } });
  const startedMs = performance.now();
  /** Processes reach the Temporal servers in turns: a process whose Temporal server is killed waits for that one. */
  const through = (index: number) => ({
    TEMPORAL_ADDRESS: cluster.servers[index % cluster.servers.length]?.address ?? cluster.address,
  });
  const servers = await Promise.all(
    Array.from({ length: SERVERS }, (_, index) =>
      stage.startServer({ ...NO_RATE_LIMIT, ...through(index), RENDERONCE_WEBHOOK_SECRET: SECRET }),
    ),
  );
  const fleet = new Fleet(
    servers.map(({ said }, index) => ({
      ...stage.env,
      ...through(index),
      RENDERONCE_WEBHOOK_SECRET: SECRET,
      RENDERONCE_WEBHOOK_URL: String(said['url']),
    })),
  );
  try {
    await fleet.add(workers, workerCount);
    await campaign.prepare?.({ stage, fleet });
    const crowd = new Crowd({ stage, servers, renders, perSecond });
    const [happened] = await Promise.all([
      playHappenings(campaign, { stage, fleet }, crowd),
      killOneAfterTheOther(campaign, fleet, crowd),
    ]);
    const { observed, unexpected } = await crowd.end();
    const repliesLost = await lostReplies(stage);
    const fired = { ...happened, 'a worker was killed': fleet.killed };
    const found = checkCell({
      observed,
      fired,
      left: [],
      unexpected: [...unexpected, ...(await audited(stage))],
    });
    const result = {
      violations: found.map(({ rule, key = '', what }) => `${rule}: ${key} ${what}`),
      callers: observed.reduce((sum, { answers }) => sum + answers.length, 0),
      accepted: observed.reduce((sum, { accepted }) => sum + accepted.length, 0),
      killed: fleet.killed,
      repliesLost: repliesLost.length,
      seconds: Math.round((performance.now() - startedMs) / 1_000),
    };
    say(JSON.stringify(result));
    return result;
  } finally {
    await fleet.close();
    await stage.close();
  }
}

async function killOneAfterTheOther(
  { killEveryMs, say = () => undefined }: Campaign,
  fleet: Fleet,
  crowd: Crowd,
): Promise<void> {
  const random = seededRandom(1);
  for (;;) {
    await pause(killEveryMs);
    if (crowd.share === 1) return;
    await fleet.killOne(random);
    say(
      `killed a worker of ${fleet.killed.at(-1)}; ${Math.round(crowd.share * 100)} % of the keys are begun`,
    );
  }
}

/** Kills a worker while the provider has a submission that it has not answered yet. */
export async function killWhileSending({ stage, fleet }: Ground): Promise<void> {
  await until('a submission is on its way', async () => {
    const creates = await stage.fake.requests({ call: 'create' });
    return creates.some(({ ms }) => ms === 0);
  });
  await fleet.killOne(Math.random);
}

async function playHappenings(
  { happenings, say = () => undefined }: Campaign,
  ground: Ground,
  crowd: Crowd,
): Promise<Record<string, readonly string[]>> {
  const happened: Record<string, readonly string[]> = {};
  for (const [index, { at, what, happen }] of happenings.entries()) {
    crowd.allow(at);
    await until(`${at * 100} % of the keys are begun`, () => crowd.share >= at, LONGEST_MS);
    crowd.allow(happenings[index + 1]?.at ?? LAST_KEYS_AT);
    await happen(ground);
    happened[what] = [what];
    say(`${what}; ${Math.round(crowd.share * 100)} % of the keys are begun`);
  }
  crowd.allow(1);
  return happened;
}

async function lostReplies({ fake }: Stage): Promise<readonly string[]> {
  const creates = await fake.requests({ call: 'create' });
  return creates.flatMap(({ key = '', accepted, status }) => (accepted && status === null ? [key] : []));
}

async function audited(stage: Stage): Promise<readonly Violation[]> {
  const { code, report } = await auditOf(stage);
  if (code === 0) return [];
  return [{ rule: 'agreement', what: `audit ended with ${code}: ${JSON.stringify(report).slice(0, 2_000)}` }];
}
