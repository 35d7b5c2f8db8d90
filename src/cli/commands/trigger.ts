import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { type Config, readConfig, requireWebhookSecrets } from '../../config.js';
import { signToken } from '../../receiver/callback-token.js';
import { ConfigInvalid, FileInvalid, OptionsInvalid } from '../../render/errors.js';
import { assertKey } from '../../render/key.js';
import { messageOf } from '../../text/text.js';
import { WEBHOOK_PATH } from '../../text/redact.js';
import { type CommonOptions, newCommand, numberOption, run } from '../command.js';
import { type Delivered, deliver } from '../deliver.js';
import { EXIT } from '../exit-code.js';
import { DUPLICATES_MAX } from '../limits.js';
import { withRenders } from '../local/surroundings.js';

interface TriggerOptions extends CommonOptions {
  readonly project?: string;
  readonly status: string;
  readonly body?: string;
  readonly duplicate: number;
  readonly forge?: boolean;
  readonly late: number;
}

const HOUR_MS = 3_600_000;

/** `renderonce trigger`: a webhook delivery by hand. */
export function triggerCommand(): Command {
  return newCommand('trigger', [
    'trigger order-12345-thumbnail',
    'trigger order-12345-thumbnail --duplicate 20 --late 5',
    'trigger order-12345-thumbnail --forge',
    'trigger order-12345-thumbnail --body delivery.json',
  ])
    .argument('<key>', 'the business key')
    .option('--project <id>', "the project that it names (default: the render's)")
    .addOption(new Option('--status <status>', 'what it claims').choices(['done', 'error']).default('done'))
    .option('--body <file>', 'a body of your own, sent as it is')
    .option(
      '--duplicate <times>',
      'send it so many times more, all at once',
      numberOption(0, DUPLICATES_MAX),
      0,
    )
    .option('--forge', 'with a token that nobody signed: it must be refused')
    .option('--late <seconds>', 'wait before it is sent', numberOption(0, 86_400), 0)
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
  const { webhookUrl } = config;
  if (webhookUrl === undefined) {
    throw new ConfigInvalid(
      'RENDERONCE_WEBHOOK_URL is not set',
      'Set RENDERONCE_WEBHOOK_URL to the address of the receiver, as the worker has it.',
    );
  }
  const secrets = isForged ? [randomBytes(32).toString('base64url')] : requireWebhookSecrets(config);
  return `${webhookUrl}${WEBHOOK_PATH}/${signToken(key, new Date(Date.now() + HOUR_MS), secrets)}`;
}

async function bodyOf(key: string, options: TriggerOptions): Promise<string> {
  const { body, status } = options;
  if (body !== undefined) {
    return readFile(body, 'utf8').catch((error: unknown) => {
      throw new FileInvalid(`${body} cannot be read: ${messageOf(error)}`);
    });
  }
  const project = options.project ?? (await withRenders((renders) => renders.status(key))).project;
  if (project === undefined) {
    throw new OptionsInvalid(`${key} is not accepted yet, so that it has no project: give --project`, {
      key,
    });
  }
  return JSON.stringify({ ...(status === 'done' ? DONE : FAILED), project, status, 'client-data': {} });
}

/** As the provider's pages show it, numbers as text. */
const DONE = {
  width: '640',
  height: '360',
  duration: '5',
  size: '12345',
  url: 'https://example.com/video.mp4',
};

const FAILED = { message: 'sent by renderonce trigger' };

/** How many deliveries were answered how. */
function summary(deliveries: readonly Delivered[]): string[] {
  const counts = new Map<string, number>();
  for (const each of deliveries) {
    const answer = 'status' in each ? `HTTP ${each.status}` : `not reached: ${each.unreachable}`;
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  return [...counts].map(([answer, count]) => `${count} delivered: ${answer}`);
}
