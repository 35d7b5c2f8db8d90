import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { EngineUnavailable } from '../render/errors.js';
import { isLoopback, messageOf, shorten } from '../text/text.js';
import { whyUnreachable } from './why-unreachable.js';

/** Address and credentials of an engine, from Temporal's own variables and profiles (`@temporalio/envconfig`). */
interface EngineAddress {
  readonly connectionOptions: ClientConnectConfig['connectionOptions'];
  readonly namespace: string;
  /** Present if payloads are encrypted. */
  readonly dataConverter?: DataConverter;
}

/** The first connection waits no longer than this. */
const CONNECT_TIMEOUT_MS = 5_000;

/** By default gRPC waits up to 2 minutes before it connects again to an engine that was away for some minutes. */
const RECONNECT_MS = 5_000;

/**
 * Connects a client to the engine.
 *
 * @throws EngineUnavailable
 */
export async function connectClient(engine: EngineAddress): Promise<Client> {
  const { address = 'localhost:7233', tls } = engine.connectionOptions;
  const connection = await Connection.connect({
    ...engine.connectionOptions,
    channelArgs: { 'grpc.max_reconnect_backoff_ms': RECONNECT_MS, ...withoutProxy(address) },
    connectTimeout: CONNECT_TIMEOUT_MS,
  }).catch(async (error: unknown) => {
    const why = hasProxy(address) ? undefined : await whyUnreachable(address, Boolean(tls));
    throw new EngineUnavailable(`no engine answers at ${address}: ${shorten(why ?? messageOf(error))}`, {
      cause: error,
    });
  });
  const { connectionOptions: _, ...options } = engine;
  return new Client({ ...options, connection });
}

/**
 * Returns the channel options of an engine on this machine, which a proxy of the environment cannot reach. The native
 * connection of workers reads no proxy from the environment.
 */
function withoutProxy(address: string): Record<string, number> {
  return isLocal(address) ? { 'grpc.enable_http_proxy': 0 } : {};
}

function isLocal(address: string): boolean {
  return isLoopback(address.replace(/:\d+$/, ''));
}

/** True if the client of gRPC may go through a proxy, so that a direct connection says nothing about it. */
function hasProxy(address: string): boolean {
  const names = ['grpc_proxy', 'https_proxy', 'http_proxy'];
  return !isLocal(address) && names.some((name) => (process.env[name] ?? '') !== '');
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
