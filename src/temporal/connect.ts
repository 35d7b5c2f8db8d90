import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { EngineUnavailable } from '../render/errors.js';
import { messageOf, shorten } from '../text/text.js';

/** Where the engine is, from Temporal's own variables and profiles (`@temporalio/envconfig`), and how it is written to. */
export interface EngineAddress {
  readonly connectionOptions: ClientConnectConfig['connectionOptions'];
  readonly namespace: string;
  /** Present where payloads are encrypted. */
  readonly dataConverter?: DataConverter;
}

/** Longer than this the first connection does not wait. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Connects a client to the engine.
 *
 * @throws EngineUnavailable
 */
export async function connectClient(engine: EngineAddress): Promise<Client> {
  const connection = await Connection.connect({
    ...engine.connectionOptions,
    connectTimeout: CONNECT_TIMEOUT_MS,
  }).catch((error: unknown) => {
    throw new EngineUnavailable(
      `no engine answers at ${engine.connectionOptions.address ?? 'localhost:7233'}: ${shorten(messageOf(error))}`,
      { cause: error },
    );
  });
  const { connectionOptions: _, ...options } = engine;
  return new Client({ ...options, connection });
}
