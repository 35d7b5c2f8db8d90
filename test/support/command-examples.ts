import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { COMMANDS } from '../../src/cli/registry.js';
import type { Env } from './processes.js';

export type CommandName = keyof typeof COMMANDS;

/** The key of a render that is done. */
export const KEY = 'order-12345-thumbnail';

/** A call of a command, and what comes of it. */
export interface CommandExample {
  readonly args: readonly string[];
  readonly env?: Env;
  readonly exit?: number;
  /** What a person sees. */
  readonly screen: RegExp;
  /** What a command that stays says when it serves; then it is ended by Ctrl-C. */
  readonly serves?: string;
}

/** An example of each command that one finished render is enough for; `movie.json`, data of `up` and its backup lie in the folder. */
export const commandExamples = (folder: string): Partial<Record<CommandName, CommandExample>> => ({
  submit: {
    args: ['submit', KEY, join(folder, 'movie.json')],
    screen: /^order-12345-thumbnail: accepted as project \w{16} \(asked for before\)\r\n$/,
  },
  check: { args: ['check', join(folder, 'movie.json')], screen: /movie\.json: 0 faults, \d+ warnings?\r\n$/ },
  quote: {
    args: ['quote', join(folder, 'movie.json')],
    screen: /\d+ s of video +\d+\r\n[^]*movie\.json: \d+ credits/,
  },
  review: {
    args: ['review', KEY],
    screen: /: done, project \w{16}; the provider says now: done\r\n/,
  },
  result: {
    args: ['result', KEY],
    screen: /: done, project \w{16}\r\n {2}http:.*\.mp4\r\n {2}5 s, 1920x1080/,
  },
  status: {
    args: ['status', KEY],
    screen: /: done, project \w{16}\r\n {2}The video is there\.[^]*asked for/,
  },
  kept: {
    args: ['kept', KEY],
    screen: /file:\/\/[^]*\.mp4/,
  },
  budget: {
    args: ['budget', 'set', 'shop', '--limit', '3000', '--per', 'day', '--by', 'Ada', '--why', 'a test'],
    screen: /shop[^]*3,?000/,
  },
  credits: { args: ['credits'], screen: /credits/ },
  events: { args: ['events', 'list'], screen: /event/ },
  open: {
    args: ['open', KEY, '--ui', 'http://127.0.0.1:8233'],
    screen: /^http:\/\/127\.0\.0\.1:8233\/namespaces\/test-\d+\/workflows\/order-12345-thumbnail\//,
  },
  list: { args: ['list'], screen: /^startedAt +state +project +key[^]* order-12345-thumbnail\r\n$/ },
  cancel: { args: ['cancel', KEY], screen: /asked to end; see `renderonce status/ },
  audit: {
    args: ['audit', '--since', '2026-11-01T00:00:00Z', '--until', '2026-11-02T00:00:00Z'],
    screen: /0 movies from .*; namespace test-\d+\r\nnothing is wrong/,
  },
  doctor: { args: ['doctor'], screen: /^ok +versions[^]*ok +workers[^]*ok +API key/ },
  trigger: {
    args: ['trigger', KEY, '--duplicate', '1'],
    env: {
      RENDERONCE_WEBHOOK_URL: 'http://127.0.0.1:1',
      RENDERONCE_WEBHOOK_SECRET: 'x'.repeat(32),
    },
    exit: 1,
    screen: /2 delivered: not reached: .*\r\nNOT as expected/,
  },
  setup: {
    args: ['setup'],
    screen: /^namespace test-\d+ is ready; it remembers closed keys for 30 days\r\n$/,
  },
  completion: { args: ['completion', 'bash'], screen: /complete .*renderonce/ },
  worker: {
    args: ['worker'],
    serves: 'worker ready',
    screen: /worker ready: task queue \S+, namespace test-\d+/,
  },
  receiver: {
    args: ['receiver', '--port', '0'],
    env: { RENDERONCE_WEBHOOK_SECRET: 'x'.repeat(32), JSON2VIDEO_API_KEY: undefined },
    serves: 'receiver ready',
    screen: /receiver ready: http:\/\/127\.0\.0\.1:\d+\/json2video\/<token>/,
  },
  server: {
    args: ['server', '--port', '0'],
    env: { RENDERONCE_WEBHOOK_SECRET: 'x'.repeat(32) },
    serves: 'server ready',
    screen:
      /server ready: http:\/\/127\.0\.0\.1:\d+\/v1\/renders[^]*no token is configured[^]*webhooks at http/,
  },
  token: {
    args: ['token', 'create', '--name', 'shop', '--tenant', 'shop', '--scopes', 'submit+read'],
    screen: /^ro_shop_[\w-]{43}\r\nshop:shop:submit\+read:[0-9a-f]{64}\r\n$/,
  },
  codec: {
    args: ['codec', '--port', '0'],
    env: { RENDERONCE_ENCRYPTION_KEYS: `one:${randomBytes(32).toString('base64')}` },
    serves: 'codec server ready',
    screen: /endpoint for the data encoder settings of the Temporal UI/,
  },
  fake: { args: ['fake', '--port', '0'], serves: 'not for production', screen: /ledger at\s+http:/ },
  dev: {
    args: ['dev', '--port', '0', '--dir', join(folder, 'dev')],
    serves: 'Ctrl-C',
    // The console's address comes first.
    screen: /^console: http[^]*Temporal UI: http[^]*worker and receiver: running[^]*hello-card\.json --wait/,
  },
  up: {
    args: ['up', '--local', '--port', '0', '--data', join(folder, 'another')],
    serves: 'Ctrl-C',
    screen:
      /^console: http[^]*API: http[^]*on this machine only: engine[^]*shown only now: ro_admin_[^]*keeps its hash/,
  },
  backup: {
    args: ['backup', join(folder, 'backup.db'), '--data', join(folder, 'up')],
    screen: /backup\.db: \d+ MB, the state at 20/,
  },
  restore: {
    args: ['restore', join(folder, 'kept.db'), '--data', join(folder, 'up')],
    screen: /is as it was at 20[^]*the replaced database is kept: [^]*next: start `renderonce up`/,
  },
  demo: { args: ['demo'], screen: /Every promise held/ },
});
