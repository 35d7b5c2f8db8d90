import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { EngineNotSetUp, EngineRefused, RenderonceError } from '../render/errors.js';
import { ENGINE_CALL_MS } from '../render/limits.js';
import { shorten } from '../text/text.js';
import { DAY_MS } from '../text/time.js';
import { SEARCH_ATTRIBUTES } from '../workflows/messages.js';
import { deepestMessage, grpcCode, translateEngineError } from './engine-errors.js';
import {
  type EngineSetup,
  INDEXED_TYPES,
  NamespaceUnfit,
  readEngineSetup,
  REFUSALS,
  refuseMistyped,
  type SearchAttributes,
} from './namespace.js';

interface NamespaceNeeds {
  readonly retentionDays: number;
  /** Those of renders by default. */
  readonly searchAttributes?: SearchAttributes;
}

/** Time in which an engine must take a change over and show it; it is asked again after each pause. */
interface SetupPatience {
  readonly withinMs: number;
  readonly pauseMs: number;
  /** Time in which each service of the engine reads its namespaces again, `REFRESH_MS` by default. */
  readonly refreshMs?: number;
  readonly signal?: AbortSignal;
}

/** Parts of an engine learn of a new namespace some seconds later, and refuse its search attributes until then. */
const SETUP_PATIENCE: SetupPatience = { withinMs: 2 * ENGINE_CALL_MS, pauseMs: 500 };

/** The server's default of `system.namespaceCacheRefreshInterval`, with a margin. */
const REFRESH_MS = 2_500;

/**
 * Creates the namespace and its search attributes if they are missing, lengthens a retention that is too short, and
 * returns when the engine shows all of it, and when new search attributes can be used. Returns one line for each change.
 * May be repeated without harm.
 *
 * @throws EngineNotSetUp; NamespaceUnfit if namespaces are managed elsewhere, or an attribute has another type
 */
export async function setUpEngine(
  client: Client,
  needs: NamespaceNeeds,
  { withinMs, pauseMs, refreshMs = REFRESH_MS, signal }: SetupPatience = SETUP_PATIENCE,
): Promise<string[]> {
  const deadlineMs = Date.now() + withinMs;
  const done = new Set<string>();
  for (;;) {
    try {
      const added = await client.withDeadline(Date.now() + ENGINE_CALL_MS, () =>
        setUpOnce(client, needs, done),
      );
      // The frontend knows the new attributes now. The other services read the namespace at other moments.
      if (added) await pause(refreshMs, undefined, signal === undefined ? {} : { signal });
      return [...done].filter((line) => line !== '');
    } catch (error) {
      const isOver = signal?.aborted === true || Date.now() > deadlineMs;
      if (isOver || error instanceof NamespaceUnfit) throw error;
    }
    await pause(pauseMs);
  }
}

/**
 * Makes all changes once; fails if the engine does not show them yet. Returns true if this set-up has added search
 * attributes.
 */
async function setUpOnce(client: Client, needs: NamespaceNeeds, done: Set<string>): Promise<boolean> {
  const { namespace } = client.options;
  const read = (): Promise<EngineSetup> =>
    unlessManaged(client, 'cannot be read', () => readEngineSetup(client, needs.searchAttributes));
  const isComplete = ({ retentionDays = 0, missingSearchAttributes }: EngineSetup): boolean =>
    retentionDays >= needs.retentionDays && missingSearchAttributes.length === 0;
  const before = await read();
  refuseMistyped(before);
  if (!isComplete(before)) {
    done.add(await setRetention(client, before, needs.retentionDays));
    const needed = needs.searchAttributes ?? SEARCH_ATTRIBUTES;
    done.add(await addSearchAttributes(client, before.missingSearchAttributes, needed));
    if (!isComplete(await read())) {
      throw new EngineNotSetUp(`the engine does not show the changes to namespace ${namespace} yet`);
    }
  }
  const wereAdded = [...done].some((line) => line.startsWith(REGISTERED));
  if (wereAdded) await useSearchAttributes(client, needs.searchAttributes ?? SEARCH_ATTRIBUTES);
  return wereAdded;
}

/** Fails while the engine's frontend still refuses a query by these attributes. */
async function useSearchAttributes(client: Client, needed: object): Promise<void> {
  const query = Object.keys(needed).map((name) => `${name} IS NOT NULL`);
  await client.workflow.count(query.join(' AND '));
}

const REGISTERED = 'registered search attribute';

/** Returns the change in words; without one, nothing. */
async function setRetention(client: Client, before: EngineSetup, days: number): Promise<string> {
  const { namespace, retentionDays } = before;
  if (retentionDays !== undefined && retentionDays >= days) return '';
  const retention = msToTs(days * DAY_MS);
  if (retentionDays === undefined) {
    await unlessManaged(client, 'cannot be created', () =>
      client.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention }),
    );
    return `created namespace ${namespace}, which remembers closed keys for ${days} days`;
  }
  const config = { workflowExecutionRetentionTtl: retention };
  await unlessManaged(client, 'cannot be given another retention', () =>
    client.workflowService.updateNamespace({ namespace, config }),
  );
  return `namespace ${namespace} now remembers closed keys for ${days} days (before: ${retentionDays})`;
}

async function addSearchAttributes(
  client: Client,
  names: readonly string[],
  needed: SearchAttributes,
): Promise<string> {
  if (names.length === 0) return '';
  const { namespace } = client.options;
  const searchAttributes = Object.fromEntries(
    names.map((name) => [name, INDEXED_TYPES[needed[name] ?? 'Keyword']]),
  );
  await unlessManaged(client, 'cannot be given search attributes', () =>
    client.connection.operatorService.addSearchAttributes({ namespace, searchAttributes }),
  );
  return `${REGISTERED} ${names.join(', ')}`;
}

const MANAGED =
  'If namespaces are managed, as in Temporal Cloud, create this one there, with the retention of RENDERONCE_KEY_MEMORY_DAYS ' +
  `and search attributes ${Object.entries(SEARCH_ATTRIBUTES)
    .map(([name, type]) => `${name} (${type})`)
    .join(', ')}; then run \`renderonce doctor\`.`;

/** Runs one step of the set-up. A refusal that lasts becomes NamespaceUnfit, any other failure an error of ours. */
async function unlessManaged<T>({ options }: Client, what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const fault = `namespace ${options.namespace} ${what} over this connection: ${shorten(deepestMessage(cause))}`;
    if (REFUSALS.includes(grpcCode(cause))) throw new NamespaceUnfit(fault, MANAGED);
    const error = translateEngineError(cause);
    const isKnown = error instanceof RenderonceError && !(error instanceof EngineRefused);
    throw isKnown ? error : new EngineNotSetUp(fault, { cause });
  }
}
