#!/usr/bin/env node
import { createProgram } from './commands.js';
import { optimizeLater } from './local/optimize-later.js';
import { endOfCall } from './usage.js';

optimizeLater(process.versions.node);

// A reader that has seen enough, as in `| head`, is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (!('code' in error && error.code === 'EPIPE')) throw error;
  });
}

/** Time for requests in flight that a worker leaves behind if its engine has refused it; they would keep the process alive. */
const LEFTOVER_MS = 5_000;

const words = process.argv.slice(2);
const program = await createProgram(words);
// Only this file ends the process: a command may also run inside a process that goes on.
program.hook('postAction', (_, command) => {
  if (command.name() === 'worker') setTimeout(() => process.exit(), LEFTOVER_MS).unref();
});
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = endOfCall(error, words, program);
}
