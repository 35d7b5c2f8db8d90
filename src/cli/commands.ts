import type { Command } from 'commander';
import type { CommandName } from './summaries.js';

/** Where each command is; loaded when it is asked for, since most of them load an engine's client, a server or more. */
export const LOADERS: Readonly<Record<CommandName, () => Promise<Command>>> = {
  demo: async () => (await import('./commands/demo.js')).demoCommand(),
  dev: async () => (await import('./commands/dev.js')).devCommand(),
  worker: async () => (await import('./commands/worker.js')).workerCommand(),
  receiver: async () => (await import('./commands/receiver.js')).receiverCommand(),
  fake: async () => (await import('./commands/fake.js')).fakeCommand(),
  submit: async () => (await import('./commands/submit.js')).submitCommand(),
  batch: async () => (await import('./commands/batch.js')).batchCommand(),
  status: async () => (await import('./commands/status.js')).statusCommand(),
  result: async () => (await import('./commands/result.js')).resultCommand(),
  watch: async () => (await import('./commands/watch.js')).watchCommand(),
  open: async () => (await import('./commands/open.js')).openCommand(),
  list: async () => (await import('./commands/list.js')).listCommand(),
  cancel: async () => (await import('./commands/cancel.js')).cancelCommand(),
  resolve: async () => (await import('./commands/resolve.js')).resolveCommand(),
  audit: async () => (await import('./commands/audit.js')).auditCommand(),
  doctor: async () => (await import('./commands/doctor.js')).doctorCommand(),
  trigger: async () => (await import('./commands/trigger.js')).triggerCommand(),
  setup: async () => (await import('./commands/setup.js')).setupCommand(),
  codec: async () => (await import('./commands/codec.js')).codecCommand(),
  completion: async () => (await import('./commands/completion.js')).completionCommand(),
};
