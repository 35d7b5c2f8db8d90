import type { Command } from 'commander';
import { OptionInvalid } from 'json2video-local';
import {
  addServerOptions,
  DEFAULT_PORT,
  type ServerCommandOptions,
  startFromOptions,
  startLines,
} from 'json2video-local/command';
import { FileInvalid } from '../../render/errors.js';
import { type CommonOptions, newCommand, run } from '../command.js';
import { listening, serve } from '../local/serve.js';
import type { Output } from '../print/output.js';

/** Makes `renderonce fake`: the command of package `json2video-local` under a name of this one. */
export function fakeCommand(): Command {
  const examples = [
    'fake --time-scale 20',
    'fake --port 0 --scenario lost-reply --json',
    'fake --list-scenarios',
  ];
  return addServerOptions(newCommand('fake', examples)).action(
    (options: CommonOptions & ServerCommandOptions) => run(options, (output) => fake(options, output)),
  );
}

async function fake(options: ServerCommandOptions, output: Output): Promise<void> {
  const address = { host: '127.0.0.1', port: options.port ?? options.config?.port ?? DEFAULT_PORT };
  const started = await listening('fake', address, () => startFromOptions(options, output.result)).catch(
    (error: unknown) => {
      throw error instanceof OptionInvalid ? new FileInvalid(error.message) : error;
    },
  );
  if (started === undefined) return;
  await serve(
    { facts: { url: started.url }, lines: startLines(started), stop: () => started.close() },
    output,
  );
}
