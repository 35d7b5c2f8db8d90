import { randomBytes } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { encryptingCodec } from '../../codec/index.js';
import { startCodecServer } from '../../codec/server.js';
import { type Config, readConfig } from '../../config.js';
import { ConfigInvalid } from '../../render/errors.js';
import { type CommonOptions, newCommand, portOption, run } from '../command.js';
import { listening, serve } from '../local/serve.js';

interface CodecCommandOptions extends CommonOptions {
  readonly host: string;
  readonly port: number;
  readonly uiOrigin?: readonly string[];
}

/** Addresses of a local engine's UI, by both names of this machine. */
const LOCAL_UI = ['http://127.0.0.1:8233', 'http://localhost:8233'];

/** Creates `renderonce codec`, which decrypts payloads for the Temporal UI and CLI. */
export function codecCommand(): Command {
  return newCommand('codec', ['codec', 'codec --ui-origin https://temporal.example.com --json'])
    .option('--host <address>', 'the address to listen on; callers need the token', '127.0.0.1')
    .addOption(portOption('--port <port>', 'the port').default(8082))
    .option(
      '--ui-origin <origin>',
      `origin of a UI whose pages may call, may be repeated (default: ${LOCAL_UI.join(', ')})`,
      origin,
    )
    .action(({ host, port, uiOrigin, ...options }: CodecCommandOptions) =>
      run(options, async (output) => {
        const config = readConfig(process.env);
        const codec = encryptingCodec(requireEncryptionKeys(config));
        const token = config.codecToken?.reveal() ?? randomBytes(32).toString('base64url');
        const uiOrigins = uiOrigin ?? LOCAL_UI;
        const server = await listening('codec', { host, port }, (ip, at) =>
          startCodecServer({ codec, token, uiOrigins, host: ip, port: at }),
        );
        // The owner of a configured token knows it, so it stays out of logs; a random one must be printed.
        const endpoint = `${server.url}/${config.codecToken === undefined ? token : '<RENDERONCE_CODEC_TOKEN>'}`;
        const lines = [
          `codec server ready: ${server.url}; everyone with its token can read all payloads`,
          `endpoint for the data encoder settings of the Temporal UI at ${uiOrigins.join(', ')}: ${endpoint}`,
          `for the CLI: temporal … --codec-endpoint ${endpoint}`,
        ];
        await serve({ facts: { url: server.url, endpoint }, lines, stop: () => server.stop() }, output);
      }),
    );
}

function requireEncryptionKeys({ encryptionKeys }: Config): string {
  if (encryptionKeys !== undefined) return encryptionKeys.reveal();
  throw new ConfigInvalid(
    'RENDERONCE_ENCRYPTION_KEYS is not set',
    'Set RENDERONCE_ENCRYPTION_KEYS to the keys of the workers, starters and receivers.',
  );
}

function origin(text: string, before: readonly string[] = []): string[] {
  if (!URL.canParse(text) || new URL(text).origin !== text) {
    throw new InvalidArgumentError(
      'It must be an origin such as https://temporal.example.com, without a path.',
    );
  }
  return [...before, text];
}
