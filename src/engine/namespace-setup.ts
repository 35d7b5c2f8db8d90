import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from './engine-error.js';
import { ENGINE_LIMITS } from './limits.js';

export interface NamespaceNeeds {
  readonly namespace: string;
  readonly retentionDays: number;
  readonly searchAttributes: Readonly<Record<string, 'Keyword'>>;
  /** How long the engine may take until it answers. */
  readonly servingMs: number;
}

/** Temporal's number for the type Keyword (`INDEXED_VALUE_TYPE_KEYWORD`). */
const KEYWORD = 2;

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Waits until the engine's frontend answers for the namespace, then sets its retention and search attributes.
 * Asked over gRPC rather than by further calls of the CLI, which would obey `TEMPORAL_*` variables and profiles.
 *
 * @throws EngineError `ENGINE_START_FAILED` if an attribute of that name has another type
 * @throws the last error of the connection when time is up or the signal is aborted
 */
export async function setUpNamespace(
  address: string,
  needs: NamespaceNeeds,
  signal: AbortSignal,
): Promise<void> {
  const connection = Connection.lazy({
    address,
    interceptors: [],
    channelArgs: {
      // An HTTP proxy in the environment is not for a process on this machine.
      'grpc.enable_http_proxy': 0,
      // Asked while it starts: the usual second between attempts would be most of the start.
      'grpc.initial_reconnect_backoff_ms': ENGINE_LIMITS.servingPauseMs,
      'grpc.max_reconnect_backoff_ms': ENGINE_LIMITS.servingPauseMs * 4,
    },
  });
  const setUpOnce = () => setUp(connection, needs);
  try {
    await untilDone(Date.now() + needs.servingMs, signal, () =>
      connection.withDeadline(Date.now() + ENGINE_LIMITS.servingProbeMs, setUpOnce),
    );
  } finally {
    await connection.close();
  }
}

/** Again until it succeeds: while the engine starts, any step may fail. An EngineError is final. */
async function untilDone(deadline: number, signal: AbortSignal, step: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await step();
    } catch (error) {
      if (error instanceof EngineError || signal.aborted || Date.now() > deadline) throw error;
      await sleep(ENGINE_LIMITS.servingPauseMs);
    }
  }
}

/** Every step may be done again without harm. */
async function setUp(connection: Connection, needs: NamespaceNeeds): Promise<void> {
  await addAttributes(connection, needs.namespace, await missingIn(connection, needs));
  await setRetention(connection, needs);
  const left = await missingIn(connection, needs);
  if (left.length > 0) throw new Error(`search attribute ${left.join(', ')} is not there yet`);
}

/** The dev server registers attributes only for a namespace that it makes in the same start (measured). */
async function missingIn(connection: Connection, needs: NamespaceNeeds): Promise<string[]> {
  const { namespace } = needs;
  await connection.workflowService.describeNamespace({ namespace });
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const names = Object.keys(needs.searchAttributes);
  const foreign = names.find((name) => (customAttributes[name] ?? KEYWORD) !== KEYWORD);
  if (foreign !== undefined) {
    throw new EngineError('ENGINE_START_FAILED', {
      message: `The namespace ${namespace} has a search attribute ${foreign} of another type than Keyword.`,
      next: 'The database file was made for something else: choose another one.',
    });
  }
  return names.filter((name) => customAttributes[name] === undefined);
}

async function addAttributes(connection: Connection, namespace: string, names: string[]): Promise<void> {
  if (names.length === 0) return;
  const searchAttributes = Object.fromEntries(names.map((name) => [name, KEYWORD]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
}

/** A new namespace of the dev server would forget closed workflows after a day. */
async function setRetention(connection: Connection, needs: NamespaceNeeds): Promise<void> {
  await connection.workflowService.updateNamespace({
    namespace: needs.namespace,
    config: { workflowExecutionRetentionTtl: msToTs(needs.retentionDays * DAY_MS) },
  });
}
