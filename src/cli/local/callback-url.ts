import { type Config, requireWebhookSecrets } from '../../config.js';
import { signToken } from '../../receiver/index.js';
import { WEBHOOK_PATH } from '../../text/redact.js';
import { notPublicBecause } from './public-url.js';

/**
 * What makes the addresses to which the provider reports; nothing where no receiver is configured.
 *
 * @throws ConfigInvalid where there is a receiver and no secret.
 */
export function callbackUrls(config: Config): ((key: string, expiresAt: Date) => string) | undefined {
  const { webhookUrl } = config;
  if (webhookUrl === undefined) return undefined;
  const secrets = requireWebhookSecrets(config);
  return (key, expiresAt) => `${webhookUrl}${WEBHOOK_PATH}/${signToken(key, expiresAt, secrets)}`;
}

/** Why the provider may not be able to report to this address. */
export function webhookUrlWarning({ webhookUrl }: Config): string | undefined {
  if (webhookUrl === undefined) return undefined;
  const reason = notPublicBecause(webhookUrl);
  if (reason === undefined) return undefined;
  return (
    `RENDERONCE_WEBHOOK_URL is ${webhookUrl}, and ${reason}: JSON2Video reports to public https addresses only. ` +
    'Fine with a local JSON2Video; with the real one renders end by the slower safety checks.'
  );
}
