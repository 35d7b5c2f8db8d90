import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Logger } from 'pino';
import { type Config, readConfig } from '../../config.js';
import { createConsole } from '../../console/console.js';
import { startServer } from '../../http/server.js';
import { parseTokens, type Token } from '../../http/tokens.js';
import { ConfigInvalid } from '../../render/errors.js';
import { Destinations } from '../../events/destinations.js';
import { createJson2Video } from '../../json2video/client.js';
import { createVideoFiles } from '../../json2video/video-files.js';
import { Renders } from '../../starter.js';
import { connectClient } from '../../temporal/connect.js';
import { isLoopback, messageOf } from '../../text/text.js';
import { type CommonOptions, newCommand, portOption, run } from '../command.js';
import { engineOf } from '../connect.js';
import { eventSettings } from '../event-settings.js';
import { keepStore } from '../keep-store.js';
import { createLogger } from '../local/logger.js';
import { listening, serve } from '../local/serve.js';
import type { Output } from '../print/output.js';
import { logDelivery } from './receiver.js';
import { ownVersion } from '../../worker/own-version.js';

interface ServerCommandOptions extends CommonOptions {
  readonly port?: number;
}

/** Creates `renderonce server`, which serves the HTTP API and takes the provider's webhooks. */
export function serverCommand(): Command {
  return newCommand('server', ['server', 'server --port 0 --json'])
    .addOption(portOption('--port <port>', 'the port, instead of the one in RENDERONCE_LISTEN'))
    .action((options: ServerCommandOptions) => run(options, (output) => serveApi(options, output)));
}

async function serveApi({ port }: ServerCommandOptions, output: Output): Promise<void> {
  const config = readConfig(process.env);
  const address = { ...config.listen, ...(port === undefined ? {} : { port }) };
  const tokens = await tokensOf(config);
  const logger = createLogger(config.logLevel);
  const provider = providerOf(config);
  const destinations = new Destinations((await eventSettings(config.events)) ?? {});
  const keep = await keepStore(config);
  const files = videoFilesOf(config);
  const client = await connectClient(engineOf(config));
  try {
    const { taskQueue, assets, resubmissions, requestsPerMinute, trustedProxyHops } = config;
    const server = await listening('server', address, (host, freePort) =>
      startServer({
        client,
        renders: new Renders({ client, taskQueue, assets, keep, defaults: { resubmissions } }),
        keep,
        assets,
        taskQueue,
        provider,
        destinations,
        host,
        port: freePort,
        tokens,
        pages: createConsole({ tokens, files }),
        requestsPerMinute,
        webhookSecrets: config.webhookSecrets.map((secret) => secret.reveal()),
        trustedProxyHops,
        version: ownVersion(),
        onDelivery: (delivery) => logDelivery(logger, delivery),
        onError: (error, route) => logError(logger, error, route),
      }),
    );
    const facts = factsOf(server.url, config, tokens);
    await serve({ facts, lines: linesOf(facts.url, config, tokens), stop: () => server.stop() }, output);
  } finally {
    keep?.close();
    await Promise.all([client.connection.close(), provider?.close(), files.close()]);
  }
}

/** Returns a client for questions to the provider; the server never submits by itself. */
function providerOf({ apiKey, json2videoUrl: url }: Config) {
  return apiKey && createJson2Video({ url, apiKey: apiKey.reveal(), now: Date.now });
}

/** Returns the provider's files, which the console passes on to browsers. */
function videoFilesOf({ json2videoUrl: apiUrl, keep: { hosts } }: Config) {
  return createVideoFiles({ apiUrl, hosts });
}

/** Reads the tokens, and refuses an address that others reach without one. */
async function tokensOf({ tokens, listen }: Config): Promise<readonly Token[]> {
  if (tokens !== undefined) return parseTokens(await linesIn(tokens.reveal()));
  if (isLoopback(listen.host)) return [];
  throw new ConfigInvalid(
    `RENDERONCE_LISTEN is ${listen.host}:${listen.port}, and without RENDERONCE_TOKENS the server listens on loopback only`,
    'Make a token with `renderonce token create` and set RENDERONCE_TOKENS, or listen at 127.0.0.1.',
  );
}

async function linesIn(tokens: string): Promise<string> {
  if (!tokens.startsWith('@')) return tokens;
  const path = tokens.slice(1);
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new ConfigInvalid(
      `the file of RENDERONCE_TOKENS cannot be read: ${messageOf(error)}`,
      'Set RENDERONCE_TOKENS to @ and the path of a readable file, or to the lines themselves.',
    );
  });
}

function factsOf(url: string, { webhookSecrets }: Config, tokens: readonly Token[]) {
  return { url, tokens: tokens.length, webhooks: webhookSecrets.length > 0 };
}

function linesOf(url: string, { webhookSecrets }: Config, tokens: readonly Token[]): string[] {
  return [
    `console: ${url}/`,
    `server ready: ${url}/v1/renders; health at ${url}/healthz, description at ${url}/openapi.json`,
    tokens.length === 0
      ? 'no token is configured: it listens on this machine only, and asks for none here'
      : `tokens: ${tokens.map(({ name }) => name).join(', ')}`,
    webhookSecrets.length === 0
      ? 'RENDERONCE_WEBHOOK_SECRET is not set: it takes no webhooks'
      : `webhooks at ${url}/json2video/<token>`,
  ];
}

function logError(logger: Logger, error: unknown, route: string): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  logger.warn({ route, code, error: messageOf(error) }, 'request failed');
}
