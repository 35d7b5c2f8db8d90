import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import { EngineNotSetUp, RenderonceError } from '../render/errors.js';
import { ENGINE_CALL_MS } from '../render/limits.js';
import { messageOf, shorten } from '../text/text.js';
import { SEARCH_ATTRIBUTES } from '../workflows/messages.js';
import { deepestMessage, GRPC, grpcCode, translateEngineError } from './engine-errors.js';

/** A namespace as the engine shows it, compared with the needs of renders. */
export interface EngineSetup {
  readonly namespace: string;
  /** Days for which the engine remembers closed keys; absent if there is no such namespace. */
  readonly retentionDays?: number;
  readonly missingSearchAttributes: readonly string[];
  /** Those that exist with another type than Keyword, if any; an engine cannot change a type. */
  readonly mistypedSearchAttributes?: readonly string[];
}

type SearchAttributes = Readonly<Record<string, 'Keyword'>>;

interface NamespaceNeeds {
  readonly retentionDays: number;
  /** Those of renders by default. */
  readonly searchAttributes?: SearchAttributes;
}

/** Time in which an engine must take a change over and show it; it is asked again after each pause. */
interface SetupPatience {
  readonly withinMs: number;
  readonly pauseMs: number;
  readonly signal?: AbortSignal;
}

/** Parts of an engine learn of a new namespace some seconds later, and refuse its search attributes until then. */
const SETUP_PATIENCE: SetupPatience = { withinMs: 2 * ENGINE_CALL_MS, pauseMs: 500 };

const DAY_MS = 86_400_000;

/** INDEXED_VALUE_TYPE_KEYWORD of the engine's API. */
const KEYWORD = 2;

/** Reads retention and search attributes of the client's namespace. */
export async function readEngineSetup(
  client: Client,
  needed: SearchAttributes = SEARCH_ATTRIBUTES,
): Promise<EngineSetup> {
  const { namespace } = client.options;
  const names = Object.keys(needed);
  return client.withDeadline(Date.now() + ENGINE_CALL_MS, async () => {
    const retentionDays = await readRetentionDays(client, namespace);
    if (retentionDays === undefined) return { namespace, missingSearchAttributes: names };
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace });
    const mistyped = names.filter((name) => (customAttributes[name] ?? KEYWORD) !== KEYWORD);
    return {
      namespace,
      retentionDays,
      missingSearchAttributes: names.filter((name) => customAttributes[name] === undefined),
      ...(mistyped.length === 0 ? {} : { mistypedSearchAttributes: mistyped }),
    };
  });
}

async function readRetentionDays(client: Client, namespace: string): Promise<number | undefined> {
  try {
    const found = await client.workflowService.describeNamespace({ namespace });
    return (Number(found.config?.workflowExecutionRetentionTtl?.seconds ?? 0) * 1_000) / DAY_MS;
  } catch (error) {
    if (error instanceof NamespaceNotFoundError || /namespace .*not found/i.test(messageOf(error)))
      return undefined;
    throw error;
  }
}

/** Checks that a worker can run renders, else throws EngineNotSetUp. Returns a warning if keys are forgotten too early. */
export async function requireEngineSetup(client: Client, keyMemoryDays: number): Promise<string | undefined> {
  const setup = await readEngineSetup(client);
  const { namespace, retentionDays, missingSearchAttributes } = setup;
  if (retentionDays === undefined) throw new EngineNotSetUp(`the engine has no namespace ${namespace}`);
  refuseMistyped(setup);
  if (missingSearchAttributes.length > 0) {
    throw new EngineNotSetUp(
      `namespace ${namespace} lacks search attribute ${missingSearchAttributes.join(', ')}`,
    );
  }
  if (retentionDays >= keyMemoryDays) return undefined;
  return (
    `namespace ${namespace} forgets closed keys after ${retentionDays} days, and RENDERONCE_KEY_MEMORY_DAYS is ${keyMemoryDays}: ` +
    'a key that is used again later than that is paid for again. Run `renderonce setup`, or lower RENDERONCE_KEY_MEMORY_DAYS.'
  );
}

/** The namespace cannot be made fit for renders over this connection; trying again does not help. */
export class NamespaceUnfit extends EngineNotSetUp {
  override readonly next: string;

  constructor(message: string, next: string) {
    super(message);
    this.next = next;
  }
}

function refuseMistyped({ namespace, mistypedSearchAttributes: names }: EngineSetup): void {
  if (names === undefined) return;
  throw new NamespaceUnfit(
    `namespace ${namespace} has search attribute ${names.join(', ')} of another type than Keyword`,
    'The namespace was made for something else. Use another one (TEMPORAL_NAMESPACE) or, for a local engine, another database file.',
  );
}

/**
 * Creates the namespace and its search attributes if they are missing, lengthens a retention that is too short, and
 * returns when the engine shows all of it. Returns one line for each change. May be repeated without harm.
 *
 * @throws EngineNotSetUp; NamespaceUnfit if namespaces are managed elsewhere, or an attribute has another type
 */
export async function setUpEngine(
  client: Client,
  needs: NamespaceNeeds,
  { withinMs, pauseMs, signal }: SetupPatience = SETUP_PATIENCE,
): Promise<string[]> {
  const deadlineMs = Date.now() + withinMs;
  const done = new Set<string>();
  for (;;) {
    try {
      await client.withDeadline(Date.now() + ENGINE_CALL_MS, () => setUpOnce(client, needs, done));
      return [...done].filter((line) => line !== '');
    } catch (error) {
      const isOver = signal?.aborted === true || Date.now() > deadlineMs;
      if (isOver || error instanceof NamespaceUnfit) throw error;
    }
    await pause(pauseMs);
  }
}

/** Makes all changes once; fails if the engine does not show them yet. */
async function setUpOnce(client: Client, needs: NamespaceNeeds, done: Set<string>): Promise<void> {
  const { namespace } = client.options;
  const read = (): Promise<EngineSetup> =>
    unlessManaged(client, 'cannot be read', () => readEngineSetup(client, needs.searchAttributes));
  const isComplete = ({ retentionDays = 0, missingSearchAttributes }: EngineSetup): boolean =>
    retentionDays >= needs.retentionDays && missingSearchAttributes.length === 0;
  const before = await read();
  refuseMistyped(before);
  if (isComplete(before)) return;
  done.add(await setRetention(client, before, needs.retentionDays));
  done.add(await addSearchAttributes(client, before.missingSearchAttributes));
  if (isComplete(await read())) return;
  throw new EngineNotSetUp(`the engine does not show the changes to namespace ${namespace} yet`);
}

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

async function addSearchAttributes(client: Client, names: readonly string[]): Promise<string> {
  if (names.length === 0) return '';
  const { namespace } = client.options;
  const searchAttributes = Object.fromEntries(names.map((name) => [name, KEYWORD]));
  await unlessManaged(client, 'cannot be given search attributes', () =>
    client.connection.operatorService.addSearchAttributes({ namespace, searchAttributes }),
  );
  return `registered search attribute ${names.join(', ')}`;
}

/** Answers of Temporal Cloud, and of engines with access control, to a change of a namespace over its connection. */
const REFUSALS: readonly (number | undefined)[] = [GRPC.permissionDenied, GRPC.unimplemented];
const MANAGED =
  'If namespaces are managed, as in Temporal Cloud, create this one there, with the retention of RENDERONCE_KEY_MEMORY_DAYS ' +
  `and search attributes ${Object.keys(SEARCH_ATTRIBUTES).join(' and ')} of type Keyword; then run \`renderonce doctor\`.`;

/** Runs one step of the set-up. A refusal that lasts becomes NamespaceUnfit, any other failure an error of ours. */
async function unlessManaged<T>({ options }: Client, what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const fault = `namespace ${options.namespace} ${what} over this connection: ${shorten(deepestMessage(cause))}`;
    if (REFUSALS.includes(grpcCode(cause))) throw new NamespaceUnfit(fault, MANAGED);
    const error = translateEngineError(cause);
    throw error instanceof RenderonceError ? error : new EngineNotSetUp(fault, { cause });
  }
}
