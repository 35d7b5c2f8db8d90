import { type Config, requireWebhookSecrets } from '../../../config.js';
import { signToken } from '../../../receiver/callback-token.js';
import { WEBHOOK_PATH } from '../../../text/redact.js';
import { type Delivered, deliver } from '../../deliver.js';
import { isLoopback, notPublicBecause } from '../../local/public-url.js';
import { type Check, ok, warning, wrong } from './check.js';

/** Whether the provider can report, and whether it is heard. */
export function webhookChecks(config: Config, probe: Delivered | undefined): Check[] {
  const { webhookUrl, webhookSecrets, json2videoUrl } = config;
  if (webhookUrl === undefined) {
    return [ok('webhook URL', 'RENDERONCE_WEBHOOK_URL is not set: renders are watched by polling only')];
  }
  // A local JSON2Video reports to local addresses, too.
  const reason = isLoopback(json2videoUrl) ? undefined : notPublicBecause(webhookUrl);
  const url =
    reason === undefined
      ? ok('webhook URL', webhookUrl)
      : warning(
          'webhook URL',
          `JSON2Video cannot report to ${webhookUrl}: ${reason}. Renders end by the slower safety checks`,
          'set RENDERONCE_WEBHOOK_URL to a public https address that leads to the receiver, or unset it',
        );
  if (webhookSecrets.length === 0) {
    const fix = 'set it to the random text of at least 32 bytes that worker and receiver share';
    return [url, wrong('webhook secret', 'RENDERONCE_WEBHOOK_SECRET is not set: no worker starts', fix)];
  }
  return probe === undefined ? [url] : [url, receiverCheck(probe)];
}

function receiverCheck(probe: Delivered): Check {
  if ('unreachable' in probe) {
    return warning(
      'receiver',
      `it cannot be reached from here: ${probe.unreachable}`,
      'start `renderonce receiver`, and see that its public address leads to it',
    );
  }
  const { status } = probe;
  if (status === UNREADABLE) return ok('receiver', 'it answers and knows the secret');
  if (status === UNKNOWN) {
    const fix = 'give worker and receiver the same RENDERONCE_WEBHOOK_SECRET, and check the path of the URL';
    return wrong('receiver', 'something answers there that does not know our tokens', fix);
  }
  return warning('receiver', `it answers HTTP ${status}`, 'look at its log, and at what stands before it');
}

/** What a receiver answers to a good token with a body that names no project: nothing is signalled. */
const UNREADABLE = 400;

/** What it answers to a token that is not of its secret. */
const UNKNOWN = 404;

/** Delivers nothing to nobody, under a token that only a receiver with the same secret takes. */
export async function probeReceiver(config: Config, now: () => number): Promise<Delivered | undefined> {
  const { webhookUrl, webhookSecrets } = config;
  if (webhookUrl === undefined || webhookSecrets.length === 0) return undefined;
  const secrets = requireWebhookSecrets(config);
  const token = signToken('renderonce-doctor', new Date(now() + 60_000), secrets);
  return deliver(`${webhookUrl}${WEBHOOK_PATH}/${token}`, '{}');
}
