import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { EngineUnavailable } from '../render/errors.js';
import { isLoopback, messageOf, shorten } from '../text/text.js';

/** Address and credentials of an engine, from Temporal's own variables and profiles (`@temporalio/envconfig`). */
interface EngineAddress {
  readonly connectionOptions: ClientConnectConfig['connectionOptions'];
  readonly namespace: string;
  /** Present if payloads are encrypted. */
  readonly dataConverter?: DataConverter;
}

/** The first connection waits no longer than this. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Connects a client to the engine.
 *
 * @throws EngineUnavailable
 */
export async function connectClient(engine: EngineAddress): Promise<Client> {
  const { address } = engine.connectionOptions;
  const connection = await Connection.connect({
    ...engine.connectionOptions,
    channelArgs: withoutProxy(address),
    connectTimeout: CONNECT_TIMEOUT_MS,
  }).catch((error: unknown) => {
    throw new EngineUnavailable(
      `no engine answers at ${address ?? 'localhost:7233'}: ${shorten(messageOf(error))}`,
      { cause: error },
    );
  });
  const { connectionOptions: _, ...options } = engine;
  return new Client({ ...options, connection });
}

/**
 * Returns the channel options of an engine on this machine, which a proxy of the environment cannot reach. The native
 * connection of workers reads no proxy from the environment.
 */
function withoutProxy(address = 'localhost:7233'): Record<string, number> {
  return isLoopback(address.replace(/:\d+$/, '')) ? { 'grpc.enable_http_proxy': 0 } : {};
}

/**
 * Returns a client of an engine on this machine that may not serve yet. A call fails at once while nothing listens, and
 * the connection tries again after `reconnectMs`: the usual second would be most of the engine's start.
 */
export function clientOfStartingEngine(address: string, namespace: string, reconnectMs: number): Client {
  const connection = Connection.lazy({
    address,
    interceptors: [],
    channelArgs: {
      'grpc.enable_http_proxy': 0,
      'grpc.initial_reconnect_backoff_ms': reconnectMs,
      'grpc.max_reconnect_backoff_ms': reconnectMs * 4,
    },
  });
  return new Client({ connection, namespace });
}
