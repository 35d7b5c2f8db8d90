import type { Command } from 'commander';

/** A command before it is loaded: its name is the key in the registry. */
export interface CommandEntry {
  /** One line of the help. */
  readonly summary: string;
  /** Meaning of exit code 1. The other codes mean the same for every command. */
  readonly exit1: string;
  /** Loads the command. Most commands load an engine's client or a server, so only a call that names one waits for it. */
  readonly load: () => Promise<Command>;
}

const NO_VIDEO = 'the render has no video, or is not settled yet';
const UNEXPECTED = 'it failed for an unexpected reason';

/** All commands, in the order of the help. */
export const COMMANDS = {
  demo: {
    summary: 'show on this machine, at no cost, that every movie is paid for once',
    exit1: 'a promise did not hold',
    load: async () => (await import('./commands/demo.js')).demoCommand(),
  },
  up: {
    summary: 'run everything for production on this machine, with its data in a folder',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/up.js')).upCommand(),
  },
  dev: {
    summary: 'run everything for development on this machine: as up --local, without a token',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/dev.js')).devCommand(),
  },
  backup: {
    summary: 'copy the data of up or dev into a file while it runs',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/backup.js')).backupCommand(),
  },
  restore: {
    summary: 'put a backup back; what was sent since is looked for before anything is sent again',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/restore.js')).restoreCommand(),
  },
  worker: {
    summary: 'run a worker, which submits movies and watches renders',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/worker.js')).workerCommand(),
  },
  server: {
    summary: "serve renders to any language over HTTP, and receive the provider's webhooks",
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/server.js')).serverCommand(),
  },
  token: {
    summary: 'make a token of the HTTP API',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/token.js')).tokenCommand(),
  },
  receiver: {
    summary: "receive the provider's webhooks and hand them to their renders",
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/receiver.js')).receiverCommand(),
  },
  fake: {
    summary: 'run a local JSON2Video for development and tests; it costs nothing',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/fake.js')).fakeCommand(),
  },
  check: {
    summary: 'check a movie file before it is sent; needs no engine',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/check.js')).checkCommand(),
  },
  quote: {
    summary: 'print the price of a movie file before it is sent; needs no engine',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/check.js')).quoteCommand(),
  },
  budget: {
    summary: 'set and show the budgets from which renders are paid',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/budget.js')).budgetCommand(),
  },
  credits: {
    summary: 'print what ended renders have cost, by day, budget or template',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/credits.js')).creditsCommand(),
  },
  submit: {
    summary: 'render a movie once under a key; safe to repeat',
    exit1: NO_VIDEO,
    load: async () => (await import('./commands/submit.js')).submitCommand(),
  },
  batch: {
    summary: 'render every line of a file once; a second run submits only what is missing',
    exit1: 'a line was not accepted, or with --wait has no video',
    load: async () => (await import('./commands/batch.js')).batchCommand(),
  },
  status: {
    summary: 'print the state of a render, its history and the next steps; never waits, needs no worker',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/status.js')).statusCommand(),
  },
  result: {
    summary: 'wait for the outcome of a render and print it',
    exit1: NO_VIDEO,
    load: async () => (await import('./commands/result.js')).resultCommand(),
  },
  review: {
    summary: 'ask the provider once more about an ended render; its video may be there after all',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/review.js')).reviewCommand(),
  },
  kept: {
    summary: 'wait until the video of a render is copied into the own store, and say where it is',
    exit1: 'no copy is made, or the video was lost',
    load: async () => (await import('./commands/kept.js')).keptCommand(),
  },
  watch: {
    summary: 'watch a render live until it is closed, and print the outcome',
    exit1: NO_VIDEO,
    load: async () => (await import('./commands/watch.js')).watchCommand(),
  },
  open: {
    summary: "print the address of a render's page in the console or the Temporal UI",
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/open.js')).openCommand(),
  },
  list: {
    summary: 'list renders, newest first',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/list.js')).listCommand(),
  },
  cancel: {
    summary: 'ask renders to end; the provider still finishes projects that it has accepted',
    exit1: 'a render could not be asked',
    load: async () => (await import('./commands/cancel.js')).cancelCommand(),
  },
  resolve: {
    summary: 'decide about a submission of unknown fate',
    exit1: 'a decision did not take effect in time; with --all, or was refused',
    load: async () => (await import('./commands/resolve.js')).resolveCommand(),
  },
  events: {
    summary: 'list the events that were sent about renders, and send some of them again',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/events.js')).eventsCommand(),
  },
  audit: {
    summary: "find movies in the provider's list that were paid for twice or that no render knows",
    exit1: 'the audit found such movies',
    load: async () => (await import('./commands/audit.js')).auditCommand(),
  },
  doctor: {
    summary:
      'check engine, namespace, workers, API key, webhooks, kept videos, clock and versions; costs nothing',
    exit1: 'a check is wrong',
    load: async () => (await import('./commands/doctor.js')).doctorCommand(),
  },
  trigger: {
    summary: 'send the receiver a webhook as the provider would; a render never believes it without asking',
    exit1: 'the receiver did not answer as it must',
    load: async () => (await import('./commands/trigger.js')).triggerCommand(),
  },
  setup: {
    summary:
      'prepare the engine: namespace, retention (RENDERONCE_KEY_MEMORY_DAYS) and search attributes; safe to repeat',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/setup.js')).setupCommand(),
  },
  codec: {
    summary: 'decrypt for the Temporal UI and CLI what RENDERONCE_ENCRYPTION_KEYS encrypts',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/codec.js')).codecCommand(),
  },
  completion: {
    summary: 'print a script that completes commands and options in a shell',
    exit1: UNEXPECTED,
    load: async () => (await import('./commands/completion.js')).completionCommand(),
  },
} as const satisfies Record<string, CommandEntry>;
