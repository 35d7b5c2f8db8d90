import type { Command } from 'commander';
import type { CommandName } from './summaries.js';

/** Where each command is; loaded when it is asked for, since most of them load an engine's client, a server or more. */
export const LOADERS: Readonly<Record<CommandName, () => Promise<Command>>> = {
  demo: async () => (await import('./demo.js')).demoCommand(),
  dev: async () => (await import('./dev.js')).devCommand(),
  worker: async () => (await import('./worker.js')).workerCommand(),
  receiver: async () => (await import('./receiver.js')).receiverCommand(),
  fake: async () => (await import('./fake.js')).fakeCommand(),
  submit: async () => (await import('./submit.js')).submitCommand(),
  batch: async () => (await import('./batch.js')).batchCommand(),
  status: async () => (await import('./status.js')).statusCommand(),
  result: async () => (await import('./result.js')).resultCommand(),
  watch: async () => (await import('./watch.js')).watchCommand(),
  open: async () => (await import('./open.js')).openCommand(),
  list: async () => (await import('./list.js')).listCommand(),
  cancel: async () => (await import('./cancel.js')).cancelCommand(),
  resolve: async () => (await import('./resolve.js')).resolveCommand(),
  audit: async () => (await import('./audit.js')).auditCommand(),
  doctor: async () => (await import('./doctor.js')).doctorCommand(),
  trigger: async () => (await import('./trigger.js')).triggerCommand(),
  setup: async () => (await import('./setup.js')).setupCommand(),
  codec: async () => (await import('./codec.js')).codecCommand(),
  completion: async () => (await import('./completion.js')).completionCommand(),
};
