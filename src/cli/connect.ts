import type { Client } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { encryptingDataConverter } from '../codec/index.js';
import { type Config, readConfig } from '../config.js';
import { ConfigInvalid } from '../render/errors.js';
import { Renders } from '../starter.js';
import { connectClient } from '../temporal/connect.js';
import { printedAs } from '../text/secret.js';
import { messageOf, shorten } from '../text/text.js';

type EngineAddress = Parameters<typeof connectClient>[0];

/** The engine of a command, whose address is always known. */
interface CommandEngine extends EngineAddress {
  readonly connectionOptions: EngineAddress['connectionOptions'] & { readonly address: string };
}

/**
 * Reads from Temporal's own variables and profiles how this process reaches its engine. The credentials print redacted.
 *
 * @throws ConfigInvalid
 */
export function engineOf({ encryptionKeys }: Config): CommandEngine {
  const encryption =
    encryptionKeys === undefined ? {} : { dataConverter: encryptingDataConverter(encryptionKeys.reveal()) };
  try {
    const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
    const { address = 'localhost:7233' } = connectionOptions;
    return {
      connectionOptions: printedAs(`connection to ${address}`, { ...connectionOptions, address }),
      namespace,
      ...encryption,
    };
  } catch (error) {
    throw new ConfigInvalid(
      `Temporal's settings cannot be read: ${shorten(messageOf(error))}`,
      'Correct the TEMPORAL_* variables or the TOML file that TEMPORAL_CONFIG_FILE names.',
    );
  }
}

/** Runs the work of a command with a connected client, then closes the connection. */
export async function withClient<T>(work: (client: Client, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig(process.env);
  const client = await connectClient(engineOf(config));
  try {
    return await work(client, config);
  } finally {
    await client.connection.close();
  }
}

/** Runs the work of a command that starts or reads renders, as `withClient` does. */
export async function withRenders<T>(work: (renders: Renders, client: Client) => Promise<T>): Promise<T> {
  return withClient((client, { taskQueue, resubmissions, assets }) =>
    work(new Renders({ client, taskQueue, assets, defaults: { resubmissions } }), client),
  );
}
