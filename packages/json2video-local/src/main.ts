#!/usr/bin/env node
import { readFileSync } from 'node:fs';

import { Command } from 'commander';

import { addServerOptions, type ServerCommandOptions, startFromOptions, startLines } from './command.js';
import { OptionInvalid } from './invalid.js';
import { isJsonObject, parsedJson } from './json.js';

const BAD_USAGE = 2;
const FAILED = 1;

interface MainOptions extends ServerCommandOptions {
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ json2video-local --time-scale 20
  $ json2video-local --port 0 --scenario lost-reply --json
  $ json2video-local --list-scenarios

Docs: README.md and docs/ of this package.`;

const program = addServerOptions(
  new Command('json2video-local')
    .description('A local JSON2Video for development and tests, at no cost.')
    .version(ownVersion())
    .option('--json', 'print one JSON document instead of text'),
)
  .addHelpText('after', EXAMPLES)
  .showHelpAfterError('(add --help for the usage)')
  .configureOutput({ outputError: (text, write) => write(text) })
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : BAD_USAGE))
  .action(serve);
await program.parseAsync();

/** Serves until SIGTERM or SIGINT, or until the parent process that holds its channel ends. */
async function serve(options: MainOptions): Promise<void> {
  const print = (document: object, lines: readonly string[]): void => {
    process.stdout.write(`${options.json === true ? JSON.stringify(document) : lines.join('\n')}\n`);
  };
  try {
    const fake = await startFromOptions(options, print);
    if (fake === undefined) return;
    const stopped = stopRequested();
    print({ ready: true, url: fake.url }, startLines(fake));
    await stopped;
    await fake.close();
  } catch (error) {
    const isUsage = error instanceof OptionInvalid;
    const message = error instanceof Error ? error.message : String(error);
    if (options.json === true)
      print({ error: { code: isUsage ? 'OptionInvalid' : 'Unexpected', message } }, []);
    else process.stderr.write(`error: ${message}\n`);
    process.exitCode = isUsage ? BAD_USAGE : FAILED;
  }
}

function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
    if (process.channel === undefined) return;
    process.once('disconnect', resolve);
    // The channel must not keep a stopped process alive.
    process.channel.unref();
  });
}

function ownVersion(): string {
  const manifest = parsedJson(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return isJsonObject(manifest) ? String(manifest['version']) : '';
}
