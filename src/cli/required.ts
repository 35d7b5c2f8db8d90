import type { Config } from '../config.js';
import { ConfigInvalid } from '../render/errors.js';
import { SECRET_BYTES } from '../text/secret.js';

/**
 * Returns the API key, for a process that calls the provider.
 *
 * @throws ConfigInvalid
 */
export function requireApiKey(config: Config): string {
  if (config.apiKey !== undefined) return config.apiKey.reveal();
  throw new ConfigInvalid(
    'JSON2VIDEO_API_KEY is not set',
    'Set JSON2VIDEO_API_KEY to a project API key of your JSON2Video account, with role render.',
  );
}

/**
 * Returns the webhook secrets, for a process that signs or verifies callback addresses.
 *
 * @throws ConfigInvalid
 */
export function requireWebhookSecrets(config: Config): readonly string[] {
  if (config.webhookSecrets.length > 0) return config.webhookSecrets.map((each) => each.reveal());
  throw new ConfigInvalid(
    'RENDERONCE_WEBHOOK_SECRET is not set',
    `Set RENDERONCE_WEBHOOK_SECRET to a random text of at least ${SECRET_BYTES} bytes, the same for worker and receiver.`,
  );
}
