import type { Client } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { encryptingDataConverter } from '../../codec/index.js';
import { type Config, readConfig } from '../../config.js';
import { ConfigInvalid } from '../../render/errors.js';
import { printedAs } from '../../text/secret.js';
import { messageOf, shorten } from '../../text/text.js';
import { Renders } from '../../starter.js';
import { connectClient, type EngineAddress } from '../../temporal/connect.js';

/**
 * Where the engine is, by Temporal's own variables and profiles, and how it is written to. Its credentials print
 * redacted. Throws ConfigInvalid where the settings are unusable.
 */
export function engineAddress(config: Config): EngineAddress {
  const encryption = encryptionOf(config);
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig();
    const shown = `connection to ${connectionOptions.address ?? 'localhost:7233'}`;
    return {
      connectionOptions: printedAs(shown, connectionOptions),
      namespace: namespace ?? 'default',
      ...encryption,
    };
  } catch (error) {
    throw new ConfigInvalid(
      `Temporal's settings cannot be read: ${shorten(messageOf(error))}`,
      'Correct the TEMPORAL_* variables or the TOML file that TEMPORAL_CONFIG_FILE names.',
    );
  }
}

/** Encryption of payloads, where it is switched on. Throws ConfigInvalid. */
function encryptionOf({ encryptionKeys }: Config): Pick<EngineAddress, 'dataConverter'> {
  return encryptionKeys === undefined
    ? {}
    : { dataConverter: encryptingDataConverter(encryptionKeys.reveal()) };
}

/** Runs a command's work with a connected client, and closes the connection behind it. */
export async function withClient<T>(work: (client: Client, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig(process.env);
  const client = await connectClient(engineAddress(config));
  try {
    return await work(client, config);
  } finally {
    await client.connection.close();
  }
}

/** As `withClient`, for work that starts and reads renders. */
export async function withRenders<T>(work: (renders: Renders) => Promise<T>): Promise<T> {
  return withClient((client, { taskQueue, resubmissions, assets }) =>
    work(new Renders({ client, taskQueue, assets, defaults: { resubmissions } })),
  );
}
