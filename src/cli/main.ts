#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { auditCommand } from './audit.js';
import { cancelCommand } from './cancel.js';
import { codecCommand } from './codec.js';
import { demoCommand } from './demo.js';
import { devCommand } from './dev.js';
import { EXIT } from './exit-code.js';
import { fakeCommand } from './fake.js';
import { listCommand } from './list.js';
import { receiverCommand } from './receiver.js';
import { resolveCommand } from './resolve.js';
import { resultCommand } from './result.js';
import { setupCommand } from './setup.js';
import { statusCommand } from './status.js';
import { submitCommand } from './submit.js';
import { workerCommand } from './worker.js';

const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const { version } = z.object({ version: z.string() }).parse(manifest);

const program = new Command('renderonce')
  .description('Durable, pay-once video renders for JSON2Video, on Temporal.')
  .version(version)
  .showHelpAfterError('(add --help for the usage)');

for (const add of [
  demoCommand,
  devCommand,
  workerCommand,
  receiverCommand,
  fakeCommand,
  submitCommand,
  statusCommand,
  resultCommand,
  listCommand,
  cancelCommand,
  resolveCommand,
  auditCommand,
  setupCommand,
  codecCommand,
]) {
  program.addCommand(add());
}

for (const each of [program, ...program.commands]) each.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has said what is wrong; help and version were asked for and are no error.
  process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
}
