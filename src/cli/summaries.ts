/** What each command does, in the order in which the help lists them. */
export const SUMMARIES = {
  demo: 'show on this machine, at no cost, that every movie is paid for once',
  dev: 'run all that is needed on this machine: engine with UI, local JSON2Video, receiver, worker',
  worker: 'run a worker, which submits movies and watches renders',
  receiver: "take the provider's webhooks and hand them to their renders",
  fake: 'run a local JSON2Video for development and tests; it costs nothing',
  submit: 'render a movie once under a key; safe to repeat',
  batch: 'render every line of a file once; run it again and only what is missing is submitted',
  status: 'tell where a render stands and what comes next; never waits and needs no worker',
  result: 'wait for the outcome of a render and print it',
  watch: 'watch a render live until it is closed, and print the outcome',
  open: "print the address of a render's page in the Temporal UI",
  list: 'list renders, newest first',
  cancel: 'ask renders to end; a project that was accepted goes on at the provider',
  resolve: 'decide about a movie of which it is not known whether it was accepted',
  audit:
    "look in the provider's list for movies that were paid for twice or that no render knows; exit 1 if there are any",
  doctor: 'check engine, namespace, workers, API key, webhooks, clock and versions; costs nothing',
  trigger: 'send the receiver a webhook as the provider would, to try it; it is never believed',
  setup:
    'prepare the engine: namespace, retention (RENDERONCE_KEY_MEMORY_DAYS) and search attributes; may be repeated',
  codec: 'decrypt for the Temporal UI and CLI what RENDERONCE_ENCRYPTION_KEYS encrypts',
  completion: 'print what makes a shell complete commands and options',
} as const;

export type CommandName = keyof typeof SUMMARIES;
