import type { Client } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import { EngineNotSetUp } from '../render/errors.js';
import { ENGINE_CALL_MS } from '../render/limits.js';
import { messageOf, shorten } from '../text/text.js';
import { deepestMessage, GRPC, grpcCode, translateEngineError } from './engine-errors.js';
import { SEARCH_ATTRIBUTES } from '../workflows/messages.js';

/** What the engine holds of what we need. */
export interface EngineSetup {
  readonly namespace: string;
  /** How long closed keys are remembered, in days; absent where the namespace is. */
  readonly retentionDays?: number;
  readonly missingSearchAttributes: readonly string[];
}

const DAY_SECONDS = 86_400;

/** Between two looks at an engine that is taking something over. */
const SETUP_PAUSE_MS = 500;

/** INDEXED_VALUE_TYPE_KEYWORD of the engine's API. */
const KEYWORD = 2;

export async function readEngineSetup(client: Client): Promise<EngineSetup> {
  const { namespace } = client.options;
  return client.withDeadline(Date.now() + ENGINE_CALL_MS, async () => {
    const retentionDays = await readRetentionDays(client, namespace);
    if (retentionDays === undefined) {
      return { namespace, missingSearchAttributes: Object.keys(SEARCH_ATTRIBUTES) };
    }
    const known = await client.connection.operatorService.listSearchAttributes({ namespace });
    const missing = Object.keys(SEARCH_ATTRIBUTES).filter(
      (name) => known.customAttributes[name] === undefined,
    );
    return { namespace, retentionDays, missingSearchAttributes: missing };
  });
}

async function readRetentionDays(client: Client, namespace: string): Promise<number | undefined> {
  try {
    const found = await client.workflowService.describeNamespace({ namespace });
    return Number(found.config?.workflowExecutionRetentionTtl?.seconds ?? 0) / DAY_SECONDS;
  } catch (error) {
    if (error instanceof NamespaceNotFoundError || /namespace .*not found/i.test(messageOf(error)))
      return undefined;
    throw error;
  }
}

/** Throws EngineNotSetUp where a worker could not run renders; returns a warning where keys are forgotten too early. */
export async function requireEngineSetup(client: Client, keyMemoryDays: number): Promise<string | undefined> {
  const { namespace, retentionDays, missingSearchAttributes } = await readEngineSetup(client);
  if (retentionDays === undefined) throw new EngineNotSetUp(`the engine has no namespace ${namespace}`);
  if (missingSearchAttributes.length > 0) {
    throw new EngineNotSetUp(
      `namespace ${namespace} lacks search attribute ${missingSearchAttributes.join(', ')}`,
    );
  }
  if (retentionDays >= keyMemoryDays) return undefined;
  return (
    `namespace ${namespace} forgets closed keys after ${retentionDays} days, and ${keyMemoryDays} are asked for: ` +
    'a key used again later than that is paid for again. Run `renderonce setup`, or set RENDERONCE_KEY_MEMORY_DAYS.'
  );
}

/** Creates what is missing and lengthens what is too short; says what it did. Idempotent. */
export async function setUpEngine(client: Client, keyMemoryDays: number): Promise<string[]> {
  const { namespace } = client.options;
  const retention = msToTs(keyMemoryDays * DAY_SECONDS * 1_000);
  const done: string[] = [];
  const before = await unlessManaged(namespace, 'cannot be read', () => readEngineSetup(client));
  if (before.retentionDays === undefined) {
    await unlessManaged(namespace, 'cannot be created', () =>
      client.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention }),
    );
    done.push(`created namespace ${namespace}, which remembers closed keys for ${keyMemoryDays} days`);
  } else if (before.retentionDays < keyMemoryDays) {
    await unlessManaged(namespace, 'cannot be given another retention', () =>
      client.workflowService.updateNamespace({
        namespace,
        config: { workflowExecutionRetentionTtl: retention },
      }),
    );
    done.push(
      `namespace ${namespace} now remembers closed keys for ${keyMemoryDays} days (before: ${before.retentionDays})`,
    );
  }
  if (before.missingSearchAttributes.length > 0) {
    await addSearchAttributes(client, before.missingSearchAttributes);
    done.push(`registered search attribute ${before.missingSearchAttributes.join(', ')}`);
  }
  if (done.length > 0) await untilVisible(client, keyMemoryDays);
  return done;
}

/** Parts of the engine learn of a new namespace a few seconds later: whoever starts a worker next must not meet them. */
async function untilVisible(client: Client, keyMemoryDays: number): Promise<void> {
  const deadlineMs = Date.now() + ENGINE_CALL_MS;
  for (;;) {
    const seen = await readEngineSetup(client).catch(() => undefined);
    const { retentionDays = 0, missingSearchAttributes = [] } = seen ?? {};
    const isVisible =
      seen !== undefined && retentionDays >= keyMemoryDays && missingSearchAttributes.length === 0;
    if (isVisible || Date.now() > deadlineMs) return;
    await new Promise((resolve) => setTimeout(resolve, SETUP_PAUSE_MS));
  }
}

/** What Temporal Cloud, and engines with access control, answer to whoever would change a namespace over its connection. */
const REFUSALS: readonly (number | undefined)[] = [GRPC.permissionDenied, GRPC.unimplemented];

/** Does what only an engine takes whose namespaces are not managed elsewhere; says so where they are. */
async function unlessManaged<T>(namespace: string, what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!REFUSALS.includes(grpcCode(error))) throw translateEngineError(error);
    const refusal = shorten(deepestMessage(error));
    throw new NamespaceManaged(`namespace ${namespace} ${what} over this connection: ${refusal}`);
  }
}

class NamespaceManaged extends EngineNotSetUp {
  override readonly next =
    'Where namespaces are managed, as in Temporal Cloud, create this one there, with the retention of ' +
    `RENDERONCE_KEY_MEMORY_DAYS and search attributes ${Object.keys(SEARCH_ATTRIBUTES).join(' and ')} of type Keyword; then run \`renderonce doctor\`.`;
}

async function addSearchAttributes(client: Client, names: readonly string[]): Promise<void> {
  const { namespace } = client.options;
  const searchAttributes = Object.fromEntries(names.map((name) => [name, KEYWORD]));
  // A namespace that was created a moment ago is not known everywhere in the engine yet.
  for (let attempt = 1; ; attempt += 1) {
    try {
      await unlessManaged(namespace, 'cannot be given search attributes', () =>
        client.connection.operatorService.addSearchAttributes({ namespace, searchAttributes }),
      );
      return;
    } catch (error) {
      if (error instanceof EngineNotSetUp) throw error;
      if (attempt === 20)
        throw new EngineNotSetUp(`search attributes cannot be added: ${shorten(messageOf(error))}`);
      await new Promise((resolve) => setTimeout(resolve, SETUP_PAUSE_MS));
    }
  }
}
