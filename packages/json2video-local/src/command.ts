/**
 * The command of this package, for another command line that offers it too.
 *
 * @module json2video-local/command
 */
import { type Command, InvalidArgumentError } from 'commander';

import { readFakeConfig } from './config-file.js';
import type { FakeJson2Video } from './fake.js';
import type { FaultRuleInput } from './faults/fault-rule.js';
import { parseFaultRule } from './faults/fault-rule.js';
import { OptionInvalid } from './invalid.js';
import { parsedJson } from './json.js';
import type { FakeOptions } from './options.js';
import type { ScenarioName } from './scenarios.js';
import { scenarioList } from './scenarios.js';
import { startFakeJson2Video } from './server.js';
import { switchSetting } from './switch-board.js';

/** The parsed options of the command. */
export interface ServerCommandOptions {
  readonly config?: FakeOptions;
  readonly port?: number;
  readonly timeScale?: number;
  readonly fixedClock?: boolean;
  readonly startAt?: string;
  readonly seed?: number;
  readonly renderSeconds?: number;
  readonly credits?: number;
  readonly data?: string;
  readonly journal?: string;
  readonly cache: boolean;
  readonly scenario?: readonly ScenarioName[];
  readonly switch?: Readonly<Record<string, unknown>>;
  readonly fault?: readonly FaultRuleInput[];
  readonly listScenarios?: boolean;
}

export const DEFAULT_PORT = 8090;

/** Adds all options of the server to a command. */
export function addServerOptions(command: Command): Command {
  return addRuleOptions(
    command
      .option('--port <port>', `port; 0 takes any free one (default: ${DEFAULT_PORT})`, number(0, 65_535))
      .option('--time-scale <factor>', 'speed of the clock (default: 1)', number(0.001, 100_000))
      .option('--fixed-clock', 'let the clock stand still; POST /_fake/clock moves it')
      .option('--start-at <time>', 'time of the clock at the start, ISO 8601 (default: now)', time)
      .option('--seed <number>', 'make IDs and odds repeatable', number(0, 2 ** 32 - 1))
      .option('--render-seconds <seconds>', 'duration of every render', number(0, 86_400))
      .option('--credits <credits>', 'balance at the start', number(0, 1e9)),
  );
}

function addRuleOptions(command: Command): Command {
  return command
    .option(
      '--data <folder>',
      'keep movies, credits, callbacks, templates and switches in this folder, so that a restart knows them',
    )
    .option('--journal <file>', 'write every request to this file')
    .option('--no-cache', 'render identical movies again instead of reusing them')
    .option(
      '--config <file>',
      'options, faults, templates, connections, keys from a JSON file',
      checked(readFakeConfig),
    )
    .option('--scenario <name>', 'a bad day, see --list-scenarios; may be repeated', scenario)
    .option('--switch <name=value>', 'position of a switch, see the docs; may be repeated', position)
    .option('--fault <json>', 'a fault rule, see the docs; may be repeated', fault)
    .option('--list-scenarios', 'print the scenarios and end');
}

/** Prints a document for programs and lines for people. */
type Print = (document: object, lines: readonly string[]) => void;

/**
 * Starts the server that the options describe; undefined if they ask for the list of scenarios, which is printed.
 *
 * @throws OptionInvalid if an option or the ledger file cannot be used
 */
export async function startFromOptions(
  options: ServerCommandOptions,
  print: Print,
): Promise<FakeJson2Video | undefined> {
  if (options.listScenarios !== true) return startFakeJson2Video(fakeOptions(options));
  const scenarios = scenarioList();
  print(
    { scenarios },
    scenarios.map(({ name, about }) => `${name.padEnd(19)}${about}`),
  );
  return undefined;
}

/** Returns the lines for a person when the server has started. */
export function startLines({ url, apiKey }: FakeJson2Video): string[] {
  return [
    `local JSON2Video, not for production: ${url} (API key ${apiKey}); ledger at ${url}/_fake/movies`,
    `movies, videos, webhooks and credits, live: ${url}`,
  ];
}

/** Combines command line and file: the command line wins; rules, scenarios and switches of both are in force. */
function fakeOptions(options: ServerCommandOptions): FakeOptions {
  const { config = {}, scenario: scenarios = [], fault: faults = [], switch: switches = {} } = options;
  const { port, timeScale, fixedClock, startAt, seed, renderSeconds, credits } = options;
  const apiKey = process.env['JSON2VIDEO_API_KEY'] ?? config.apiKey ?? 'local-key';
  return {
    port: DEFAULT_PORT,
    ...config,
    apiKey,
    ...given({ port, timeScale, fixedClock, startAt, seed, renderSeconds, credits }),
    ...given({ dataFolder: options.data, journalFile: options.journal }),
    ...(options.cache ? {} : { cache: false }),
    scenarios: [...(config.scenarios ?? []), ...scenarios],
    faults: [...(config.faults ?? []), ...faults],
    switches: { ...config.switches, ...switches },
  };
}

type Given<T> = { [N in keyof T]?: Exclude<T[N], undefined> };

/** Removes what the command line does not say, so that the rest keeps its default. */
function given<T extends object>(options: T): Given<T> {
  const said: Given<T> = { ...options };
  for (const name in said) if (said[name] === undefined) delete said[name];
  return said;
}

/** Makes the error of a parser one that commander prints. */
function checked<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw error instanceof OptionInvalid ? new InvalidArgumentError(error.message) : error;
    }
  };
}

function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
  };
}

function time(text: string): string {
  if (Number.isNaN(Date.parse(text))) throw new InvalidArgumentError('It must be a time, ISO 8601.');
  return text;
}

function scenario(text: string, before: readonly ScenarioName[] = []): ScenarioName[] {
  const known = scenarioList().find(({ name }) => name === text);
  if (known === undefined) throw new InvalidArgumentError('--list-scenarios prints the names.');
  return [...before, known.name];
}

function position(text: string, before: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { ...before, ...checked(switchSetting)(text) };
}

function fault(text: string, before: readonly FaultRuleInput[] = []): FaultRuleInput[] {
  return [...before, checked((json: string) => parseFaultRule(parsedJson(json)))(text)];
}
