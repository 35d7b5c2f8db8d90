import type { Command } from 'commander';
import type { Logger } from 'pino';
import { readConfig } from '../../config.js';
import { requireWebhookSecrets } from '../required.js';
import { type AnsweredDelivery, startReceiver } from '../../receiver/index.js';
import { connectClient } from '../../temporal/connect.js';
import { type CommonOptions, newCommand, portOption, run } from '../command.js';
import { engineOf } from '../connect.js';
import { createLogger } from '../local/logger.js';
import { listening, serve } from '../local/serve.js';

interface ReceiverCommandOptions extends CommonOptions {
  readonly port?: number;
}

/** Log levels of the answers that are not logged as `info`. */
const LEVELS: Readonly<Record<string, 'debug' | 'warn'>> = { forged: 'debug', unavailable: 'warn' };

/** Creates `renderonce receiver`, which takes the provider's webhooks. */
export function receiverCommand(): Command {
  return newCommand('receiver', ['receiver', 'receiver --port 0 --json'])
    .addOption(portOption('--port <port>', 'the port, instead of the one in RENDERONCE_LISTEN'))
    .action((options: ReceiverCommandOptions) =>
      run(options, async (output) => {
        const config = readConfig(process.env);
        const secrets = requireWebhookSecrets(config);
        const logger = createLogger(config.logLevel);
        if (config.apiKey !== undefined) {
          logger.warn('JSON2VIDEO_API_KEY is set, but a receiver does not need it: give it to workers only');
        }
        const client = await connectClient(engineOf(config));
        try {
          const address = { ...config.listen, ...(options.port === undefined ? {} : { port: options.port }) };
          const receiver = await listening('receiver', address, (host, port) =>
            startReceiver({
              client,
              secrets,
              now: Date.now,
              host,
              port,
              trustedProxyHops: config.trustedProxyHops,
              onAnswer: (delivery) => logDelivery(logger, delivery),
            }),
          );
          const lines = [
            `receiver ready: ${receiver.url}/json2video/<token>; health at ${receiver.url}/healthz`,
            'it needs no API key of the provider, and may do nothing at the engine but signal workflows',
          ];
          await serve({ facts: { url: receiver.url }, lines, stop: () => receiver.stop() }, output);
        } finally {
          await client.connection.close();
        }
      }),
    );
}

/** Logs one line for each delivery about a render of ours. Forged deliveries are many, so they are `debug` lines. */
export function logDelivery(logger: Logger, { key, project, answer, ms, from }: AnsweredDelivery): void {
  const level = LEVELS[answer] ?? 'info';
  logger[level]({ key, project, answer, ms, from }, 'webhook delivery');
}
