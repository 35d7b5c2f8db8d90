import type { Command } from 'commander';
import { readConfig } from '../../config.js';
import { warningsAbout } from '../../movie/check.js';
import { parseMovie } from '../../movie/movie.js';
import { assertKey } from '../../render/key.js';
import { NUMBER_OPTIONS, type RenderOptionsInput } from '../../render/options.js';
import { prepareCall } from '../../starter/prepare.js';
import {
  type CommonOptions,
  newCommand,
  numberOption,
  type OrderOptions,
  run,
  withOrderOptions,
} from '../command.js';
import { withRenders } from '../connect.js';
import { readMovieFile } from '../local/files.js';
import type { Output } from '../print/output.js';
import { withProgress } from '../print/progress.js';
import { printOutcome } from '../print/render-lines.js';

interface SubmitCommandOptions
  extends CommonOptions, OrderOptions, Omit<RenderOptionsInput, keyof OrderOptions> {
  readonly wait?: boolean;
  readonly restart?: boolean;
  readonly deadlineMs?: number;
}

/** Creates `renderonce submit`, which starts a render or joins it. */
export function submitCommand(): Command {
  const command = newCommand('submit', [
    'submit order-12345-thumbnail movie.json --wait',
    'submit order-12345-thumbnail movie.json --deadline-ms 5000 --json',
    'submit order-12345-thumbnail - < movie.json',
    'submit order-12345-thumbnail movie.json --resubmissions 0',
    'submit order-12345-thumbnail movie.json --ignore "/scenes/*/elements/*/src"',
    'submit order-12345-thumbnail movie.json --keep --notify shop,archive',
  ])
    .argument('<key>', 'the business key, e.g. order-12345-thumbnail')
    .argument('<movie.json>', 'the movie, a JSON file; - is standard input')
    .option('--wait', 'wait for the video and print the outcome')
    .option('--restart', 'start again after a run that was abandoned, terminated or timed out')
    .option('--look-from <time>', "before sending, look in the provider's list from this ISO time on")
    .option('--budget <name>', 'the budget that pays (default: that of the workers, if they have one)')
    .option('--webhook', 'ask the provider to report the end, which is the default')
    .option('--no-webhook', 'watch the render by polling only')
    .addOption(
      numberOption('--deadline-ms <ms>', 'how long to wait for the project', { min: 1, max: 86_400_000 }),
    );
  withOrderOptions(command);
  for (const { name, default: byDefault, ...bounds } of NUMBER_OPTIONS) {
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    command.addOption(numberOption(`--${flag} <number>`, `${byDefault} by default`, bounds));
  }
  return command.action((key: string, path: string, options: SubmitCommandOptions) =>
    run(options, (output) => submit(key, path, options, output)),
  );
}

async function submit(
  key: string,
  path: string,
  options: SubmitCommandOptions,
  output: Output,
): Promise<number> {
  assertKey(key);
  const movie = parseMovie(await readMovieFile(path), key);
  const { json: _json, wait, ...how } = options;
  // Wrong options are found before the command connects.
  prepareCall(key, movie, how, readConfig(process.env).assets);
  return withRenders(async (renders) => {
    const submitting = renders.submitOnce(key, movie, { ...how, untilSettled: wait === true });
    const submitted = await (wait === true ? withProgress(renders, key, output, submitting) : submitting);
    const warnings = warningsAbout(movie, how.submitPatienceSeconds);
    for (const warning of warnings) output.note(`warning: ${warning.path} ${warning.message}`);
    const { replayed, differences = [] } = submitted;
    const difference = `the first movie counts; this one differs at ${differences.join(', ')}`;
    if (wait === true) {
      if (differences.length > 0) output.note(difference);
      return printOutcome(output, () => withProgress(renders, key, output, renders.result(key)), {
        replayed,
        ...(differences.length === 0 ? {} : { differences }),
        ...(warnings.length === 0 ? {} : { warnings }),
      });
    }
    output.result({ ...submitted, ...(warnings.length === 0 ? {} : { warnings }) }, [
      `${key}: accepted as project ${submitted.project}${replayed ? ' (asked for before)' : ''}`,
      ...(differences.length === 0 ? [] : [difference]),
    ]);
    return 0;
  });
}
