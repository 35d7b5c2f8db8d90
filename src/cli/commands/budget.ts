import { Argument, type Command, Option } from 'commander';
import { BUDGET_NUMBERS, BUDGET_PERIODS, type BudgetPeriod } from '../../render/budget.js';
import { NoWorker, OptionsInvalid, UsageInvalid } from '../../render/errors.js';
import { setBudget, showBudget, showBudgets } from '../../starter/budgets.js';
import { type CommonOptions, newCommand, numberOption, run } from '../command.js';
import { withClient } from '../connect.js';
import { userName } from '../local/user.js';
import { budgetLines, budgetTable } from '../print/budget-lines.js';
import type { Output } from '../print/output.js';

type Action = 'set' | 'list' | 'show';

interface BudgetOptions extends CommonOptions {
  readonly limit?: number;
  readonly per?: BudgetPeriod;
  readonly soft?: number;
  readonly unknown?: number;
  readonly by?: string;
  readonly why?: string;
}

const { limit, soft, unknown } = BUDGET_NUMBERS;

/** Creates `renderonce budget`, which sets and shows the budgets from which renders are paid. */
export function budgetCommand(): Command {
  return newCommand('budget', [
    'budget set shop --limit 3000 --per month --why "spring sale"',
    'budget set trial --limit 60 --per total --soft 50 --unknown 30 --by anna --why "first tests"',
    'budget list',
    'budget show shop --json',
  ])
    .addArgument(
      new Argument('<action>', 'set makes a budget, or changes its limit').choices(['set', 'list', 'show']),
    )
    .argument('[name]', 'name of the budget, for set and show')
    .addOption(
      numberOption('--limit <credits>', 'credits that one window may cost', { ...limit, whole: true }),
    )
    .addOption(new Option('--per <period>', 'length of a window, in UTC').choices([...BUDGET_PERIODS]))
    .addOption(
      numberOption('--soft <percent>', `share of the limit that is reported (first ${soft.default})`, {
        ...soft,
        whole: true,
      }),
    )
    .addOption(
      numberOption('--unknown <credits>', `reserved if a price is unknown (first ${unknown.default})`, {
        ...unknown,
        whole: true,
      }),
    )
    .option('--by <name>', 'who sets the limit, for the record (default: the name of this user)')
    .option('--why <reason>', 'why it is set, for the record')
    .action((action: Action, name: string | undefined, options: BudgetOptions) =>
      run(options, (output) => carryOut(action, name, options, output)),
    );
}

async function carryOut(
  action: Action,
  name: string | undefined,
  options: BudgetOptions,
  output: Output,
): Promise<void> {
  if (action !== 'list' && name === undefined)
    throw new UsageInvalid(`budget ${action} needs a name`, `Run \`renderonce budget ${action} NAME\`.`);
  const setting = action === 'set' ? settingOf(options) : undefined;
  await withClient(async (client, { taskQueue }) => {
    if (name === undefined || action === 'list') {
      const budgets = await showBudgets(client, taskQueue);
      output.result({ budgets }, budgetTable(budgets));
      return;
    }
    if (setting !== undefined) await setBudget(client, taskQueue, name, setting);
    const view = await showBudget(client, taskQueue, name).catch((error: unknown) => {
      // The limit holds although nobody can tell what is spent.
      if (setting !== undefined && error instanceof NoWorker) return undefined;
      throw error;
    });
    if (view !== undefined) return output.result(view, budgetLines(view));
    if (action === 'show') throw new OptionsInvalid(`there is no budget ${name}`);
    output.result({ name, ...setting }, [`budget ${name} is set; a worker must run to show it`]);
  });
}

function settingOf({
  limit: credits,
  per,
  soft: percent,
  unknown: unpriced,
  by = userName(),
  why,
}: BudgetOptions) {
  if (credits !== undefined && per !== undefined && why !== undefined)
    return { limit: credits, per, soft: percent, unknown: unpriced, by, why };
  throw new UsageInvalid(
    'budget set needs --limit, --per and --why',
    'Run `renderonce budget set NAME --limit 3000 --per month --why REASON`.',
  );
}
