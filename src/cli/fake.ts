import type { Command } from 'commander';
import { type FakeOptions, startFakeJson2Video } from '../fake/index.js';
import { type CommonOptions, newCommand, numberOption, run } from './command.js';
import { serve } from './serve.js';

interface FakeCommandOptions extends CommonOptions {
  readonly port: number;
  readonly timeScale: number;
  readonly renderSeconds?: number;
  readonly credits?: number;
  readonly ledger?: string;
  readonly journal?: string;
}

/** `renderonce fake`: a local JSON2Video that costs nothing. */
export function fakeCommand(): Command {
  return newCommand('fake', 'run a local JSON2Video for development and tests; it costs nothing')
    .option('--port <port>', 'port to listen on; 0 takes any free one', numberOption(0, 65_535), 8090)
    .option('--time-scale <factor>', 'run its clock this many times faster', numberOption(0.001, 100_000), 1)
    .option('--render-seconds <seconds>', 'let every render take this long', numberOption(0, 86_400))
    .option('--credits <credits>', 'balance at the start', numberOption(0, 1e9))
    .option('--ledger <file>', 'write every accepted movie to this file before replying')
    .option('--journal <file>', 'write every request to this file')
    .action((options: FakeCommandOptions) =>
      run(options, async (output) => {
        const fake = await startFakeJson2Video(fakeOptions(options));
        const line = `local JSON2Video, not for production: ${fake.url} (API key ${fake.apiKey}); ledger at ${fake.url}/_fake/movies`;
        await serve({ facts: { url: fake.url }, lines: [line], stop: () => fake.close() }, output);
      }),
    );
}

function fakeOptions(options: FakeCommandOptions): FakeOptions {
  return {
    port: options.port,
    timeScale: options.timeScale,
    apiKey: process.env['JSON2VIDEO_API_KEY'] ?? 'local-key',
    ...(options.renderSeconds === undefined ? {} : { renderSeconds: options.renderSeconds }),
    ...(options.credits === undefined ? {} : { credits: options.credits }),
    ...(options.ledger === undefined ? {} : { ledgerFile: options.ledger }),
    ...(options.journal === undefined ? {} : { journalFile: options.journal }),
  };
}
