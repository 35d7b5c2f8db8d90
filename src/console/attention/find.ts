import pMap from 'p-map';
import type { z } from 'zod';
import type { budgetSchema } from '../../http/routes/budgets.js';
import { type Caller, shownKeyOf } from '../../http/caller.js';
import { pageOf } from '../../http/routes/list.js';
import { type Delivery, readDeliveries, undeliveredOf } from '../../starter/deliveries.js';
import { listEvents } from '../../starter/list-events.js';
import { listRenders } from '../../starter/list.js';
import type { ConsoleContext } from '../context.js';

/** Most entries of one kind. Those who have more use a command, or filter the list of renders. */
const MOST = 50;
/** Deliveries are read one by one, each with its history. */
const MOST_EVENTS = 20;
const AT_ONCE = 5;

type Listed = Awaited<ReturnType<typeof pageOf>>['renders'];
type Budget = z.output<typeof budgetSchema>;

/** A render with events that a receiver did not take. */
interface Undelivered {
  readonly key: string;
  /** The key in the engine, which commands take. */
  readonly engineKey: string;
  readonly deliveries: readonly Delivery[];
}

/** Everything that waits for a person. */
export interface Attention {
  readonly held: Listed;
  readonly unknown: Listed;
  readonly waiting: Listed;
  readonly undelivered: readonly Undelivered[];
  readonly lost: readonly string[];
  readonly budgets: readonly Budget[];
}

/** Finds what waits for a person, among what a caller may see. */
export async function findAttention(
  { client }: ConsoleContext,
  caller: Caller,
  budgets: readonly Budget[],
  signal: AbortSignal,
): Promise<Attention> {
  const inState = async (state: 'held' | 'unknown' | 'waiting'): Promise<Listed> =>
    (await pageOf(client, caller, { state, limit: MOST, signal })).renders;
  const [held, unknown, waiting, undelivered, lost] = await Promise.all([
    inState('held'),
    inState('unknown'),
    inState('waiting'),
    undeliveredFor(client, caller),
    lostFor(client, caller, signal),
  ]);
  return { held, unknown, waiting, undelivered, lost, budgets: budgets.filter(isNearLimit) };
}

function isNearLimit({ reached }: Budget): boolean {
  return reached.soft || reached.limit;
}

async function undeliveredFor(
  client: ConsoleContext['client'],
  caller: Caller,
): Promise<Attention['undelivered']> {
  const engineKeys = new Set<string>();
  for await (const { key, type } of listEvents(client, { undelivered: true })) {
    if (!type.startsWith('budget.') && shownKeyOf(caller, key) !== undefined) engineKeys.add(key);
    if (engineKeys.size === MOST_EVENTS) break;
  }
  const all = await pMap(
    engineKeys,
    async (engineKey) => ({
      key: shownKeyOf(caller, engineKey) ?? '',
      engineKey,
      deliveries: undeliveredOf(await readDeliveries(client, engineKey)),
    }),
    { concurrency: AT_ONCE },
  );
  return all.filter(({ deliveries }) => deliveries.length > 0);
}

async function lostFor(
  client: ConsoleContext['client'],
  caller: Caller,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { tenant } = caller;
  const keyPrefix = tenant === undefined ? undefined : `${tenant}:`;
  const keys: string[] = [];
  for await (const { key } of listRenders(client, { kept: 'lost', keyPrefix, signal })) {
    const shown = shownKeyOf(caller, key);
    if (shown !== undefined) keys.push(shown);
    if (keys.length === MOST) break;
  }
  return keys;
}
