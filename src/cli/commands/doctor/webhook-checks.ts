import type { Config } from '../../../config.js';
import { isLoopback } from '../../../text/text.js';
import { callbackUrls, deliver, type Delivered, notPublicBecause } from '../../webhook.js';
import { type Check, ok, warning, wrong } from './check.js';

/** Sends the receiver a delivery that names no project, and returns the checks of the webhooks. */
export async function checkWebhooks(config: Config): Promise<Check[]> {
  const callbackUrl = config.webhookSecrets.length === 0 ? undefined : callbackUrls(config);
  const url = callbackUrl?.('renderonce-doctor', new Date(Date.now() + 60_000));
  return webhookChecks(config, url === undefined ? undefined : await deliver(url, '{}'));
}

/** Returns the checks that follow from the settings and from the receiver's answer. */
export function webhookChecks(config: Config, answer: Delivered | undefined): Check[] {
  const { webhookUrl, webhookSecrets, json2videoUrl } = config;
  if (webhookUrl === undefined) {
    return [ok('webhook URL', 'RENDERONCE_WEBHOOK_URL is not set: renders are watched by polling only')];
  }
  // A local JSON2Video reports to local addresses, too.
  const reason = isLoopback(new URL(json2videoUrl).hostname) ? undefined : notPublicBecause(webhookUrl);
  const url =
    reason === undefined
      ? ok('webhook URL', webhookUrl)
      : warning(
          'webhook URL',
          `JSON2Video cannot report to ${webhookUrl}: ${reason}. Only the slower safety checks see that a render has ended`,
          'set RENDERONCE_WEBHOOK_URL to a public https address that leads to the receiver, or unset it',
        );
  if (webhookSecrets.length === 0) {
    const fix = 'set it to the random text of at least 32 bytes that worker and receiver share';
    return [url, wrong('webhook secret', 'RENDERONCE_WEBHOOK_SECRET is not set: no worker starts', fix)];
  }
  return answer === undefined ? [url] : [url, receiverCheck(answer)];
}

/** A receiver's answer to a good token with a body that names no project; it signals nothing. */
const UNREADABLE = 400;

/** A receiver's answer to a token that none of its secrets signed. */
const UNKNOWN = 404;

function receiverCheck(answer: Delivered): Check {
  if ('unreachable' in answer) {
    return warning(
      'receiver',
      `it cannot be reached from here: ${answer.unreachable}`,
      'start `renderonce receiver`, and check that its public address leads to it',
    );
  }
  const { status } = answer;
  if (status === UNREADABLE) return ok('receiver', 'it answers and knows the secret');
  if (status === UNKNOWN) {
    const fix = 'give worker and receiver the same RENDERONCE_WEBHOOK_SECRET, and check the path of the URL';
    return wrong('receiver', 'something answers there that does not know our tokens', fix);
  }
  return warning(
    'receiver',
    `it answers HTTP ${status}`,
    'look at its log, and at the proxies in front of it',
  );
}
