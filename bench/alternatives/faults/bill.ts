import type { LedgerMovie } from '../../fake-client.js';
import { sum } from '../../measure/statistics.js';
import type { FaultName, FaultyKey } from './fault-list.js';

/** What the faults cost, counted at the provider's ledger. */
export interface Bill {
  readonly keys: number;
  readonly creditsNeeded: number;
  readonly creditsSpent: number;
  readonly postsAccepted: number;
  /** Keys for which more than one POST was accepted, by what happened to them. */
  readonly paidTwice: Readonly<Partial<Record<FaultName, number>>>;
  /** Keys of which no caller was told a video, by what happened to them. */
  readonly withoutOutcome: Readonly<Partial<Record<FaultName, number>>>;
  /** Keys whose callers were told different projects or videos. */
  readonly contradicted: number;
}

/** What the callers of a key were told. */
export interface Told {
  readonly projects: ReadonlySet<string>;
  readonly urls: ReadonlySet<string>;
}

/** @param price credits of one render */
export function bill(
  list: readonly FaultyKey[],
  movies: readonly Pick<LedgerMovie, 'key' | 'credits'>[],
  told: ReadonlyMap<string, Told>,
  price: number,
): Bill {
  const keys = new Set<string | undefined>(list.map(({ key }) => key));
  const own = movies.filter(({ key }) => keys.has(key));
  const accepted = (wanted: string): number => own.filter(({ key }) => key === wanted).length;
  return {
    keys: list.length,
    creditsNeeded: list.length * price,
    creditsSpent: sum(own.map(({ credits }) => credits)),
    postsAccepted: own.length,
    paidTwice: countByFault(list.filter(({ key }) => accepted(key) > 1)),
    withoutOutcome: countByFault(list.filter(({ key }) => (told.get(key)?.urls.size ?? 0) === 0)),
    contradicted: list.filter(
      ({ key }) => (told.get(key)?.projects.size ?? 0) > 1 || (told.get(key)?.urls.size ?? 0) > 1,
    ).length,
  };
}

function countByFault(keys: readonly FaultyKey[]): Partial<Record<FaultName, number>> {
  const counts: Partial<Record<FaultName, number>> = {};
  for (const { what } of keys) counts[what] = (counts[what] ?? 0) + 1;
  return counts;
}
