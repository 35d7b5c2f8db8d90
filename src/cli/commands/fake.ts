import { type Command, InvalidArgumentError } from 'commander';
import {
  FakeConfigInvalid,
  type FakeOptions,
  type FaultRuleInput,
  FaultRuleInvalid,
  isScenarioName,
  LedgerUnreadable,
  parseFaultRule,
  QuirkInvalid,
  quirkSetting,
  readFakeConfig,
  scenarioList,
  type ScenarioName,
  startFakeJson2Video,
} from 'json2video-local';
import { FileInvalid } from '../../render/errors.js';
import { parseJson } from '../../text/json.js';
import { type CommonOptions, newCommand, numberOption, run } from '../command.js';
import type { Output } from '../print/output.js';
import { serve } from '../local/serve.js';

interface FakeCommandOptions extends CommonOptions {
  readonly config?: FakeOptions;
  readonly port?: number;
  readonly timeScale?: number;
  readonly fixedClock?: boolean;
  readonly startAt?: string;
  readonly seed?: number;
  readonly renderSeconds?: number;
  readonly credits?: number;
  readonly ledger?: string;
  readonly journal?: string;
  readonly cache: boolean;
  readonly scenario?: readonly ScenarioName[];
  readonly quirk?: Readonly<Record<string, unknown>>;
  readonly fault?: readonly FaultRuleInput[];
  readonly listScenarios?: boolean;
}

const DEFAULT_PORT = 8090;

/** `renderonce fake`: a local JSON2Video that costs nothing. */
export function fakeCommand(): Command {
  return newCommand('fake', [
    'fake --time-scale 20',
    'fake --port 0 --scenario lost-reply --json',
    'fake --list-scenarios',
  ])
    .option(
      '--port <port>',
      `port to listen on; 0 takes any free one (default: ${DEFAULT_PORT})`,
      numberOption(0, 65_535),
    )
    .option(
      '--time-scale <factor>',
      'run its clock this many times faster (default: 1)',
      numberOption(0.001, 100_000),
    )
    .option('--fixed-clock', 'let its clock stand still but for POST /_fake/clock')
    .option('--start-at <time>', 'its clock at the start, ISO 8601 (default: now)', time)
    .option('--seed <number>', 'make IDs and odds repeatable', numberOption(0, 2 ** 32 - 1))
    .option('--render-seconds <seconds>', 'let every render take this long', numberOption(0, 86_400))
    .option('--credits <credits>', 'balance at the start', numberOption(0, 1e9))
    .option(
      '--ledger <file>',
      'write every accepted movie to this file before replying; read it back at the start',
    )
    .option('--journal <file>', 'write every request to this file')
    .option('--no-cache', 'render identical movies again instead of reusing them')
    .option(
      '--config <file>',
      'options, faults, templates, connections, keys from a JSON file',
      refusing(readFakeConfig),
    )
    .option('--scenario <name>', 'a bad day, see --list-scenarios; may be repeated', scenario)
    .option('--quirk <name=value>', 'position of a switch, see docs/fake.md; may be repeated', quirk)
    .option('--fault <json>', 'a fault rule, see docs/fake.md; may be repeated', fault)
    .option('--list-scenarios', 'print the scenarios and end')
    .action((options: FakeCommandOptions) => run(options, (output) => fake(options, output)));
}

async function fake(options: FakeCommandOptions, output: Output): Promise<void> {
  if (options.listScenarios === true) {
    const scenarios = scenarioList();
    const lines = scenarios.map(({ name, about }) => `${name.padEnd(19)}${about}`);
    return output.result({ scenarios }, lines);
  }
  const started = await startFakeJson2Video(fakeOptions(options)).catch((error: unknown) => {
    throw error instanceof LedgerUnreadable ? new FileInvalid(error.message) : error;
  });
  const { url, apiKey } = started;
  const lines = [
    `local JSON2Video, not for production: ${url} (API key ${apiKey}); ledger at ${url}/_fake/movies`,
    `movies, videos, webhooks and credits, live: ${url}`,
  ];
  await serve({ facts: { url }, lines, stop: () => started.close() }, output);
}

/** The command line goes before the file; rules, scenarios and quirks of both are in force. */
function fakeOptions(options: FakeCommandOptions): FakeOptions {
  const { config = {}, scenario: scenarios = [], fault: faults = [], quirk: quirks = {} } = options;
  const { port, timeScale, fixedClock, startAt, seed, renderSeconds, credits } = options;
  const apiKey = process.env['JSON2VIDEO_API_KEY'] ?? config.apiKey ?? 'local-key';
  return {
    port: DEFAULT_PORT,
    ...config,
    apiKey,
    ...given({ port, timeScale, fixedClock, startAt, seed, renderSeconds, credits }),
    ...given({ ledgerFile: options.ledger, journalFile: options.journal }),
    ...(options.cache ? {} : { cache: false }),
    scenarios: [...(config.scenarios ?? []), ...scenarios],
    faults: [...(config.faults ?? []), ...faults],
    quirks: { ...config.quirks, ...quirks },
  };
}

type Given<T> = { [N in keyof T]?: Exclude<T[N], undefined> };

/** What was said on the command line, so that the rest keeps its default. */
function given<T extends object>(options: T): Given<T> {
  const said: Given<T> = { ...options };
  for (const name in said) if (said[name] === undefined) delete said[name];
  return said;
}

/** Parser of an option whose mistakes are the user's. */
function refusing<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      const isUsage = [FakeConfigInvalid, FaultRuleInvalid, QuirkInvalid].some(
        (kind) => error instanceof kind,
      );
      throw isUsage && error instanceof Error ? new InvalidArgumentError(error.message) : error;
    }
  };
}

function time(text: string): string {
  if (Number.isNaN(Date.parse(text))) throw new InvalidArgumentError('It must be a time, ISO 8601.');
  return text;
}

function scenario(name: string, before: readonly ScenarioName[] = []): ScenarioName[] {
  if (!isScenarioName(name)) throw new InvalidArgumentError('--list-scenarios tells which there are.');
  return [...before, name];
}

function quirk(text: string, before: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { ...before, ...refusing(quirkSetting)(text) };
}

function fault(text: string, before: readonly FaultRuleInput[] = []): FaultRuleInput[] {
  return [...before, refusing((json: string) => parseFaultRule(parseJson(json)))(text)];
}
