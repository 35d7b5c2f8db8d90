import { Agent } from 'undici';
import { askJson } from '../ask-json.js';
import type { Bed } from '../bed.js';
import { closedLoop, type LoopResult } from '../measure/closed-loop.js';
import { inRounds } from '../measure/rounds.js';
import { median, medianRatio, rounded, type Summary, summary } from '../measure/statistics.js';
import { CARD } from '../movies.js';
import { CROWD, DEADLINE_MS, type Plan } from '../plan.js';
import { startCommand } from '../processes.js';

/** Submissions by `PUT /v1/renders/{key}` beside those by `submitOnce`. */
export interface HttpApi {
  readonly putPerSecond: number;
  readonly submitOncePerSecond: number;
  readonly toSubmitOnce: number;
  readonly putMs: Waits;
  readonly submitOnceMs: Waits;
}

/** Waiting time of one caller, and of each of fifty. */
interface Waits {
  readonly alone: Summary;
  readonly loaded: Summary;
}

/** Measures both ways in turns, with the server as a process of its own. */
export async function measureHttpApi(bed: Bed, plan: Plan, run: string): Promise<HttpApi> {
  const server = await startCommand(['server', '--port', '0'], {
    ...bed.env,
    // The limit protects a server from its callers; here it would be what is measured.
    RENDERONCE_REQUESTS_PER_MINUTE: '1000000',
  });
  const connections = new Agent({ connections: CROWD });
  const calls = {
    put: (key: string) =>
      askJson('PUT', `${server.url}/v1/renders/${key}`, { movie: CARD }, connections, {
        prefer: 'wait=60',
      }),
    submitOnce: (key: string) => bed.renders.submitOnce(key, CARD, { deadlineMs: DEADLINE_MS }),
  };
  try {
    return resultOf(await measureCalls(bed, plan, `${run}-http`, calls));
  } finally {
    await connections.close();
    await server.stop();
  }
}

type Calls = Readonly<Record<'put' | 'submitOnce', (key: string) => Promise<unknown>>>;

function measureCalls(bed: Bed, plan: Plan, run: string, calls: Calls) {
  const turn = (name: keyof Calls, load: Plan['http'], what: string) => async (round: number) => {
    const keyOf = (index: number): string => `${run}-${name}-${what}-${round}-${index}`;
    const result = await closedLoop(load, (index) => calls[name](keyOf(index)));
    // The ends of these renders must not fall into the next turn.
    await closedLoop(load, (index) => bed.renders.result(keyOf(index)));
    return result;
  };
  const one = { count: plan.samples, atOnce: 1 };
  return inRounds(plan.rounds, {
    putAlone: turn('put', one, 'alone'),
    submitOnceAlone: turn('submitOnce', one, 'alone'),
    put: turn('put', plan.http, 'loaded'),
    submitOnce: turn('submitOnce', plan.http, 'loaded'),
  });
}

function resultOf(results: Readonly<Record<string, readonly LoopResult[]>>): HttpApi {
  const rates = (name: keyof Calls): number[] =>
    (results[name] ?? []).map(({ perSecond }) => rounded(perSecond));
  const waits = (name: string): Summary =>
    summary((results[name] ?? []).flatMap(({ latenciesMs }) => latenciesMs));
  return {
    putPerSecond: median(rates('put')),
    submitOncePerSecond: median(rates('submitOnce')),
    toSubmitOnce: medianRatio(rates('put'), rates('submitOnce')),
    putMs: { alone: waits('putAlone'), loaded: waits('put') },
    submitOnceMs: { alone: waits('submitOnceAlone'), loaded: waits('submitOnce') },
  };
}
