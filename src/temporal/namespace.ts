import type { Client } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { EngineNotSetUp } from '../render/errors.js';
import { ENGINE_CALL_MS } from '../render/limits.js';
import { messageOf } from '../text/text.js';
import { DAY_MS } from '../text/time.js';
import { GRPC, grpcCode } from './engine-errors.js';
import { SEARCH_ATTRIBUTES } from '../workflows/messages.js';

/** A namespace as the engine shows it, compared with the needs of renders. */
export interface EngineSetup {
  readonly namespace: string;
  /** Days for which the engine remembers closed keys; absent if there is no such namespace. */
  readonly retentionDays?: number;
  readonly missingSearchAttributes: readonly string[];
  /** Those that exist with another type than needed, if any; an engine cannot change a type. */
  readonly mistypedSearchAttributes?: readonly string[];
}

export type SearchAttributes = Readonly<Record<string, 'Keyword' | 'Int'>>;

/** INDEXED_VALUE_TYPE_KEYWORD and _INT of the engine's API. */
export const INDEXED_TYPES = { Keyword: 2, Int: 3 } as const;

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
    const customAttributes = await readAttributes(client, needed);
    const isMistyped = ([name, type]: [string, 'Keyword' | 'Int']): boolean =>
      (customAttributes[name] ?? INDEXED_TYPES[type]) !== INDEXED_TYPES[type];
    const mistyped = Object.entries(needed).filter(isMistyped);
    return {
      namespace,
      retentionDays,
      missingSearchAttributes: names.filter((name) => customAttributes[name] === undefined),
      ...(mistyped.length === 0 ? {} : { mistypedSearchAttributes: mistyped.map(([name]) => name) }),
    };
  });
}

/** Answers of Temporal Cloud, and of engines with access control, to a call that these credentials may not make. */
export const REFUSALS: readonly (number | undefined)[] = [GRPC.permissionDenied, GRPC.unimplemented];

/**
 * Reads the types of search attributes. Credentials without rights as an administrator may be refused the list; a query by
 * an attribute then shows if it is there, and not its type.
 */
async function readAttributes(
  { options: { namespace }, connection, workflow }: Client,
  needed: SearchAttributes,
): Promise<Readonly<Record<string, number>>> {
  try {
    return (await connection.operatorService.listSearchAttributes({ namespace })).customAttributes;
  } catch (error) {
    if (!REFUSALS.includes(grpcCode(error))) throw error;
  }
  const found: Record<string, number> = {};
  for (const [name, type] of Object.entries(needed)) {
    try {
      await workflow.count(`${name} IS NOT NULL`);
      found[name] = INDEXED_TYPES[type];
    } catch (error) {
      if (grpcCode(error) !== GRPC.invalidArgument) throw error;
    }
  }
  return found;
}

/** Reads for how many days the engine remembers closed keys; returns nothing if it has no such namespace. */
export async function readRetentionDays(client: Client, namespace: string): Promise<number | undefined> {
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

function mistypedText(name: string): string {
  const needed: SearchAttributes = SEARCH_ATTRIBUTES;
  return `${name} of another type than ${needed[name] ?? 'Keyword'}`;
}

/** Refuses a namespace whose attributes have another type; an engine cannot change it. */
export function refuseMistyped({ namespace, mistypedSearchAttributes: names }: EngineSetup): void {
  if (names === undefined) return;
  throw new NamespaceUnfit(
    `namespace ${namespace} has search attribute ${names.map(mistypedText).join(', ')}`,
    'The namespace was made for something else. Use another one (TEMPORAL_NAMESPACE) or, for a local engine, another database file.',
  );
}
