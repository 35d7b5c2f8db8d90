import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Renders } from '../../src/starter.js';
import { callCommand } from '../support/call-command.js';
import { openStage, type Stage } from '../support/stage.js';
import { everythingIn } from './everything.js';

/** Marked secrets of the processes. */
export const SECRETS = {
  JSON2VIDEO_API_KEY: 'canary-api-key-7f3a91',
  RENDERONCE_WEBHOOK_SECRET: 'canary-webhook-secret-of-32-bytes-or-more',
} as const;

/** Marked personal data: in the movie, and in what the provider says of it. */
export const PERSON = 'Canary Lovelace of Marylebone';
export const QUOTED = 'Canary Babbage of Walworth';

const MOVIE = {
  comment: `for ${PERSON}`,
  scenes: [{ duration: 5, elements: [{ type: 'text', text: `Dear ${PERSON}`, style: '001' }] }],
};

/** All that a run of the main path left anywhere, by where it was left. */
export interface Traces {
  readonly logs: string;
  readonly metrics: string;
  readonly outputs: string;
  readonly errors: string;
  readonly histories: string;
  readonly database: Buffer;
  /** The tokens that the provider was given. */
  readonly tokens: readonly string[];
}

/** Submits, doubts, reports, rejects and refuses, with everything marked and every log open; tells what it left. */
export async function traceMainPath(env: Readonly<Record<string, string>>): Promise<Traces> {
  const stage = await openStage({
    engine: 'disk',
    provider: { timeScale: 20 },
    env: { ...SECRETS, ...env, RENDERONCE_LOG_LEVEL: 'trace' },
  });
  try {
    const receiver = await stage.startReceiver();
    const worker = await stage.startWorker({ RENDERONCE_WORKER_LISTEN: '127.0.0.1:0' });
    await setFaults(stage);
    const outputs = [worker.said, receiver.said].map((said) => JSON.stringify(said));
    outputs.push(...(await runCommands(stage)));
    const errors = await errorsOf(stage);
    const url = String(receiver.said['url']);
    const tokens = await tokensOf(stage);
    await deliverBadly(url, tokens);
    const metrics = await metricsOf([url, String(worker.said['url'])]);
    const histories = await historiesOf(stage);
    await Promise.all([receiver.stop(), worker.stop()]);
    return {
      logs: worker.stderr() + receiver.stderr(),
      metrics,
      outputs: outputs.join('\n'),
      errors: errors.join('\n'),
      histories,
      database: await databaseOf(stage),
      tokens,
    };
  } finally {
    await stage.close();
  }
}

async function setFaults(stage: Stage): Promise<void> {
  const says = (key: string, code: number, message: string) =>
    stage.fake.fault({
      match: { call: 'create', key },
      effect: { kind: 'status', code, body: { success: false, message }, accept: false },
      times: 1,
    });
  await says('refused', 403, `Invalid API key: ${SECRETS.JSON2VIDEO_API_KEY}`);
  await says('rejected', 400, `The text of ${QUOTED} is too long`);
  await stage.fake.fault({
    match: { call: 'create', key: 'doubt' },
    effect: { kind: 'reset-after' },
    times: 1,
  });
}

/** What people and scripts run, with and without `--json`; returns all that was printed. */
async function runCommands(stage: Stage): Promise<string[]> {
  const file = join(stage.folder, 'movie.json');
  const other = join(stage.folder, 'other.json');
  await writeFile(file, JSON.stringify(MOVIE));
  await writeFile(other, JSON.stringify({ scenes: [] }));
  const run = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await callCommand(args, stage.env);
    return `${args.join(' ')}\n${stdout}${stderr}`;
  };
  const rendered = await Promise.all([
    run('submit', 'done', file, '--wait', '--json'),
    run('submit', 'doubt', file, '--wait'),
    run('submit', 'refused', file, '--wait', '--json'),
  ]);
  const read = await Promise.all([
    run('status', 'done', '--json'),
    run('status', 'refused'),
    run('result', 'doubt', '--json'),
    run('list', '--json'),
    run('submit', 'done', other, '--json'),
    run('submit', 'done', other),
  ]);
  return [...rendered, ...read];
}

/** Errors of the library as a log would print them, causes and hidden properties included, and its objects. */
async function errorsOf({ renders, client, taskQueue }: Stage): Promise<string[]> {
  const failures = await Promise.allSettled([
    renders.submitOnce('rejected', MOVIE),
    renders.submitOnce('done', { scenes: [] }),
    renders.status('nobody-asked'),
    new Renders({ client, taskQueue }).submitOnce('', MOVIE),
  ]);
  const thrown = failures.map((failure) => (failure.status === 'rejected' ? failure.reason : 'no error'));
  return [renders, client, ...thrown].map((each) => inspect(each, { depth: 12, showHidden: true }));
}

async function tokensOf(stage: Stage): Promise<string[]> {
  const movies = await stage.fake.movies();
  return movies.flatMap(({ webhooks }) => webhooks.map(({ url }) => url.split('/').at(-1) ?? ''));
}

async function deliverBadly(url: string, [token = '']: readonly string[]): Promise<void> {
  for (const each of [token, `${token}x`, token.slice(0, -3)]) {
    await fetch(`${url}/json2video/${each}`, { method: 'POST', body: `${token} ${QUOTED}` });
  }
}

async function metricsOf(urls: readonly string[]): Promise<string> {
  const texts = urls.map(async (url) => (await fetch(`${url}/metrics`)).text());
  return (await Promise.all(texts)).join('\n');
}

async function historiesOf(stage: Stage): Promise<string> {
  const all: string[] = [];
  for await (const { workflowId } of stage.client.workflow.list()) {
    const handle = stage.client.workflow.getHandle(workflowId);
    all.push(everythingIn([await handle.fetchHistory(), (await handle.describe()).raw]));
  }
  return all.join('\n');
}

async function databaseOf({ folder }: Stage): Promise<Buffer> {
  // The lock is a socket.
  const files = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile());
  const names = files.map(({ name }) => name).filter((name) => !name.endsWith('.json'));
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
}
