import type { Command } from 'commander';
import type { Logger } from 'pino';
import { readConfig, requireWebhookSecrets } from '../../config.js';
import { type AnsweredDelivery, startReceiver } from '../../receiver/index.js';
import { connectClient } from '../../temporal/connect.js';
import { type CommonOptions, newCommand, numberOption, run } from '../command.js';
import { listening } from '../local/listening.js';
import { createLogger } from '../local/logger.js';
import { serve } from '../local/serve.js';
import { engineAddress } from '../local/surroundings.js';

interface ReceiverCommandOptions extends CommonOptions {
  readonly port?: number;
}

/** Of what is not the ordinary. */
const LEVELS: Readonly<Record<string, 'debug' | 'warn'>> = { forged: 'debug', unavailable: 'warn' };

/** `renderonce receiver`: takes the provider's webhooks. */
export function receiverCommand(): Command {
  return newCommand('receiver', ['receiver', 'receiver --port 0 --json'])
    .option(
      '--port <port>',
      'instead of the port in RENDERONCE_LISTEN; 0 takes any free one',
      numberOption(0, 65_535),
    )
    .action((options: ReceiverCommandOptions) =>
      run(options, async (output) => {
        const config = readConfig(process.env);
        const secrets = requireWebhookSecrets(config);
        const logger = createLogger(config.logLevel);
        if (config.apiKey !== undefined) {
          logger.warn('JSON2VIDEO_API_KEY is set, and a receiver has no use for it: give it to workers only');
        }
        const client = await connectClient(engineAddress(config));
        try {
          const place = { ...config.listen, ...(options.port === undefined ? {} : { port: options.port }) };
          const receiver = await listening('RENDERONCE_LISTEN', place, () =>
            startReceiver({
              client,
              secrets,
              now: Date.now,
              ...place,
              trustedProxyHops: config.trustedProxyHops,
              onAnswer: (delivery) => logDelivery(logger, delivery),
            }),
          );
          const lines = [
            `receiver ready: ${receiver.url}/json2video/<token>; health at ${receiver.url}/healthz`,
            'it needs no API key of the provider, and of the engine no more than to signal workflows',
          ];
          await serve({ facts: { url: receiver.url }, lines, stop: () => receiver.stop() }, output);
        } finally {
          await client.connection.close();
        }
      }),
    );
}

/** One line for each delivery about a render of ours; strangers are many and no news. */
function logDelivery(logger: Logger, { key, project, answer, ms, from }: AnsweredDelivery): void {
  const level = LEVELS[answer] ?? 'info';
  logger[level]({ key, project, answer, ms, from }, 'webhook delivery');
}
