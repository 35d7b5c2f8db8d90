#!/usr/bin/env node
import { CommanderError } from 'commander';
import { EXIT } from './command.js';
import { createProgram } from './commands.js';
import { optimizeLater } from './local/optimize-later.js';

optimizeLater(process.versions.node);

// A reader that has seen enough, as in `| head`, is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (!('code' in error && error.code === 'EPIPE')) throw error;
  });
}

/** Time for requests in flight that a worker leaves behind if its engine has refused it; they would keep the process alive. */
const LEFTOVER_MS = 5_000;

try {
  const program = await createProgram(process.argv.slice(2));
  // Only this file ends the process: a command may also run inside a process that goes on.
  program.hook('postAction', (_, command) => {
    if (command.name() === 'worker') setTimeout(() => process.exit(), LEFTOVER_MS).unref();
  });
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has printed the reason. It also ends the help and the version by an error, with exit code 0.
  process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
}
