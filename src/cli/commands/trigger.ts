import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { type Config, readConfig } from '../../config.js';
import { ConfigInvalid, OptionsInvalid } from '../../render/errors.js';
import { assertKey } from '../../render/key.js';
import { type CommonOptions, EXIT, newCommand, numberOption, run } from '../command.js';
import { withRenders } from '../connect.js';
import { readTextFile } from '../local/files.js';
import { runningBeside } from '../local/find-running.js';
import { callbackUrls, deliver, type Delivered } from '../webhook.js';

interface TriggerOptions extends CommonOptions {
  readonly project?: string;
  readonly status: string;
  readonly body?: string;
  readonly duplicate: number;
  readonly forge?: boolean;
  readonly late: number;
}

const HOUR_MS = 3_600_000;

/** Most repetitions of one delivery: enough to try the receiver under load, by hand. */
const DUPLICATES = { min: 0, max: 1_000, whole: true };

/** Creates `renderonce trigger`, which sends the receiver a webhook delivery by hand. */
export function triggerCommand(): Command {
  return newCommand('trigger', [
    'trigger order-12345-thumbnail',
    'trigger order-12345-thumbnail --duplicate 20 --late 5',
    'trigger order-12345-thumbnail --forge',
    'trigger order-12345-thumbnail --body delivery.json',
  ])
    .argument('<key>', 'the business key')
    .option('--project <id>', "the project that it names (default: the render's)")
    .addOption(
      new Option('--status <status>', 'the status that it claims').choices(['done', 'error']).default('done'),
    )
    .option('--body <file>', 'a body of your own, sent as it is; - is standard input')
    .addOption(
      numberOption('--duplicate <times>', 'send it so many times more, all at once', DUPLICATES).default(0),
    )
    .option('--forge', 'sign the token with a random secret: the receiver must refuse it')
    .addOption(numberOption('--late <seconds>', 'wait before sending', { min: 0, max: 86_400 }).default(0))
    .action((key: string, options: TriggerOptions) =>
      run(options, async (output) => {
        assertKey(key);
        const { forge = false, duplicate, late } = options;
        const url = urlFor(key, forge, readConfig(process.env));
        const body = await bodyOf(key, options);
        if (late > 0) output.note(`waiting ${late} s`);
        await pause(late * 1_000);
        const deliveries = await Promise.all(Array.from({ length: duplicate + 1 }, () => deliver(url, body)));
        const expected = forge ? FORGED_ANSWER : TAKEN_ANSWER;
        const areExpected = deliveries.every((each) => 'status' in each && each.status === expected);
        output.result({ key, forged: forge, deliveries }, [
          ...summary(deliveries),
          `${areExpected ? 'as' : 'NOT as'} expected: ${forge ? 'a forged one is refused' : 'the render has the hint'}, HTTP ${expected}`,
        ]);
        return areExpected ? 0 : EXIT.outcome;
      }),
    );
}

const TAKEN_ANSWER = 200;
const FORGED_ANSWER = 404;

function urlFor(key: string, isForged: boolean, config: Config): string {
  const forged = isForged ? [randomBytes(32).toString('base64url')] : undefined;
  // Beside an `up` without a public address its server takes deliveries all the same.
  const webhookUrl = config.webhookUrl ?? runningBeside(process.env)?.url;
  const callbackUrl = callbackUrls({ ...config, webhookUrl }, forged);
  if (callbackUrl !== undefined) return callbackUrl(key, new Date(Date.now() + HOUR_MS));
  throw new ConfigInvalid(
    'RENDERONCE_WEBHOOK_URL is not set',
    'Set RENDERONCE_WEBHOOK_URL to the address of the receiver, as the worker has it, or RENDERONCE_DATA to the data folder of a running `up`.',
  );
}

async function bodyOf(key: string, options: TriggerOptions): Promise<string> {
  const { body, status } = options;
  if (body !== undefined) return readTextFile(body);
  const project = options.project ?? (await withRenders((renders) => renders.status(key))).project;
  if (project === undefined) {
    throw new OptionsInvalid(`${key} is not accepted yet, so it has no project: give --project`, { key });
  }
  return JSON.stringify({ ...(status === 'done' ? DONE : FAILED), project, status, 'client-data': {} });
}

/** A delivery as the provider's pages show it, with numbers as text. */
const DONE = {
  width: '640',
  height: '360',
  duration: '5',
  size: '12345',
  url: 'https://example.com/video.mp4',
};

const FAILED = { message: 'sent by renderonce trigger' };

/** Meanings of a receiver's bare statuses. */
const MEANINGS: Readonly<Record<number, string>> = {
  200: 'taken (too late if the render has ended)',
  400: 'unreadable: the body names no project',
  404: 'refused: the token is forged, expired or of another secret, or there is no such render',
  408: 'too slow',
  413: 'too large',
  503: 'unavailable: the engine did not take it',
};

/** Counts the deliveries by their answers. */
function summary(deliveries: readonly Delivered[]): string[] {
  const counts = new Map<string, number>();
  for (const each of deliveries) {
    const answer = 'status' in each ? answered(each.status) : `not reached: ${each.unreachable}`;
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  return [...counts].map(([answer, count]) => `${count} delivered: ${answer}`);
}

function answered(status: number): string {
  const meaning = MEANINGS[status];
  return meaning === undefined ? `HTTP ${status}, which no receiver answers` : `HTTP ${status}, ${meaning}`;
}
