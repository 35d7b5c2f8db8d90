import { z } from 'zod';
import type { FaultRuleInput } from '../../src/fake/index.js';
import { httpCaller } from './http-caller.js';
import { startCommand } from './processes.js';

/** A movie that the provider has accepted, as its ledger tells. */
export type PaidMovie = z.infer<typeof paidMovie>;

/** The provider of the run, the local JSON2Video as a process: one for all, which renders at once and caches nothing. */
export interface Provider {
  readonly url: string;
  readonly apiKey: string;
  /** How many requests came since this was asked last. */
  newRequests(): Promise<number>;
  movies(): Promise<readonly PaidMovie[]>;
  fault(rule: FaultRuleInput): Promise<void>;
  /** Ends all rules, and answers what they hold back. */
  clearFaults(): Promise<void>;
  stop(): Promise<void>;
}

const CREDITS = 1_000_000_000;

const paidMovie = z.object({ key: z.string().optional(), credits: z.number() });
const ledger = z.object({ movies: z.array(paidMovie) });
const log = z.object({ requests: z.array(z.object({ seq: z.number() })) });
const rule = z.object({ id: z.string() });

export async function startProvider(): Promise<Provider> {
  const fake = ['fake', '--port', '0', '--no-cache', '--render-seconds', '0', '--credits', String(CREDITS)];
  const apiKey = 'local-key';
  const child = await startCommand(fake, { JSON2VIDEO_API_KEY: apiKey });
  const control = `${child.url}/_fake`;
  const caller = httpCaller();
  const parked = new Set<string>();
  let lastSeq = 0;
  return {
    url: child.url,
    apiKey,
    newRequests: async () => {
      const { requests } = log.parse(await caller.ask('GET', `${control}/requests?since=${lastSeq}`));
      lastSeq = requests.at(-1)?.seq ?? lastSeq;
      return requests.length;
    },
    movies: async () => ledger.parse(await caller.ask('GET', `${control}/movies`)).movies,
    fault: async (wanted) => {
      const { id } = rule.parse(await caller.ask('POST', `${control}/faults`, wanted));
      if (wanted.effect.kind === 'park') parked.add(id);
    },
    clearFaults: async () => {
      for (const id of parked) await caller.ask('POST', `${control}/release/${id}`);
      parked.clear();
      await caller.ask('DELETE', `${control}/faults`);
    },
    stop: async () => {
      await caller.close();
      await child.stop();
    },
  };
}
