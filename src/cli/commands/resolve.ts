import { type Command, Option } from 'commander';
import { DecisionRefused, OptionsInvalid } from '../../render/errors.js';
import type { RenderState } from '../../render/state.js';
import type { Renders } from '../../starter.js';
import type { DecisionChoice } from '../../starter/resolve.js';
import { type CommonOptions, newCommand, run, timeFrom } from '../command.js';
import { withRenders } from '../connect.js';
import { confirmed, userName } from '../local/user.js';
import type { Output } from '../print/output.js';
import { storyLines } from '../print/render-lines.js';
import { resolveMany } from './resolve-many.js';

interface ResolveOptions extends CommonOptions {
  readonly adopt?: string;
  readonly resubmit?: boolean;
  readonly abandon?: boolean;
  readonly force?: boolean;
  readonly by: string;
  readonly why: string;
  readonly yes?: boolean;
  readonly all?: boolean;
  readonly state?: RenderState;
  readonly since?: Date;
}

/** Creates `renderonce resolve`, by which a person decides about a movie that may have been accepted. */
export function resolveCommand(): Command {
  return newCommand('resolve', [
    'resolve order-12345-thumbnail --adopt AbCdEfGhIjKlMnOp --why "it is in the dashboard"',
    'resolve order-12345-thumbnail --resubmit --why "the dashboard shows nothing"',
    'resolve order-12345-thumbnail --abandon --why "the order was cancelled" --yes',
    'resolve --all --state held --since 2026-11-01T00:00:00Z --resubmit --why "the outage is over"',
  ])
    .argument('[key]', 'the business key')
    .option('--all', 'decide about all renders of a state: --resubmit or --abandon')
    .addOption(new Option('--state <state>', 'with --all: held or unknown').choices(['held', 'unknown']))
    .option('--since <time>', 'with --all: only renders started at this ISO time or later', timeFrom)
    .addOption(
      new Option('--adopt <project>', 'the movie is this project of the provider').conflicts([
        'resubmit',
        'abandon',
      ]),
    )
    .addOption(
      new Option('--resubmit', 'it was not accepted: look for it once more, then send it again').conflicts(
        'abandon',
      ),
    )
    .option('--abandon', 'give up the key; only a call with restart starts it again')
    .option('--force', 'adopt a project without our mark; send again before the settle window is over')
    .option('--by <name>', 'who decides', userName())
    .requiredOption('--why <reason>', 'the reason, for the history and the result')
    .option('--yes', 'do not ask for confirmation')
    .action((key: string | undefined, options: ResolveOptions) =>
      run(options, (output) => withRenders(decisionOf(key, options, output))),
    );
}

/** Returns the work of the command. Wrong options are found before it connects. */
function decisionOf(
  key: string | undefined,
  options: ResolveOptions,
  output: Output,
): (renders: Renders) => Promise<number> {
  if (options.all === true) {
    const terms = manyTerms(key, options);
    return (renders) => resolveMany(renders, terms, output);
  }
  if (key === undefined || ofMany(options)) {
    throw new OptionsInvalid('give either a key, or --all with --state');
  }
  const choice = choiceOf(options);
  return (renders) => resolve(renders, key, { ...options, choice }, output);
}

function ofMany({ state, since }: ResolveOptions): boolean {
  return state !== undefined || since !== undefined;
}

function manyTerms(key: string | undefined, options: ResolveOptions): Parameters<typeof resolveMany>[1] {
  const { state, since, by, why, force, yes } = options;
  const choice = choiceOf(options);
  if (key !== undefined || state === undefined) {
    throw new OptionsInvalid('--all takes no key, and needs --state held or --state unknown');
  }
  if (typeof choice === 'object') {
    throw new OptionsInvalid('--adopt belongs to one key: each render has a project of its own');
  }
  return { choice, state, since, by, why, force, yes };
}

async function resolve(
  renders: Renders,
  key: string,
  options: ResolveOptions & { readonly choice: DecisionChoice },
  output: Output,
): Promise<number> {
  const { by, why, force, choice } = options;
  if (options.yes !== true) {
    const story = await renders.story(key);
    const question = `${describe(choice)} for ${key}?`;
    if (!(await confirmed(storyLines(story), question))) {
      throw new DecisionRefused('not confirmed: nothing was decided', { key });
    }
  }
  const answer = await renders.resolve(key, choice, { by, why, force });
  output.result(answer, [`${key}: ${answer.message}`]);
  return 0;
}

function choiceOf({ adopt, resubmit, abandon }: ResolveOptions): DecisionChoice {
  if (adopt !== undefined) return { adopt };
  if (resubmit === true) return 'resubmit';
  if (abandon === true) return 'abandon';
  throw new OptionsInvalid('a decision is missing: give --adopt PROJECT, --resubmit or --abandon');
}

function describe(choice: DecisionChoice): string {
  if (choice === 'resubmit') return 'Look for the movie once more, and send it again if it is absent,';
  if (choice === 'abandon') return 'Give up the key';
  return `Take project ${choice.adopt} for the accepted movie`;
}
