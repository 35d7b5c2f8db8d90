import type { Command } from 'commander';
import pMap from 'p-map';
import { OptionsInvalid } from '../../render/errors.js';
import type { Renders } from '../../starter.js';
import type { ListedRender } from '../../starter/list.js';
import { type CommonOptions, EXIT, newCommand, run } from '../command.js';
import { withRenders } from '../connect.js';
import { confirmed } from '../local/user.js';
import type { Output } from '../print/output.js';
import { failureOf, listLines, MANY_RENDERS } from './many-renders.js';

interface CancelOptions extends CommonOptions {
  readonly query?: string;
  readonly yes?: boolean;
}

/** Cancel requests in progress at once. */
const CANCELS_AT_ONCE = 10;

/** Creates `renderonce cancel`, which asks a render, or all renders of a query, to end. */
export function cancelCommand(): Command {
  return newCommand('cancel', [
    'cancel order-12345-thumbnail',
    `cancel --query 'RenderState="waiting"'`,
    `cancel --query 'WorkflowId STARTS_WITH "campaign-2026-"' --yes --json`,
  ])
    .argument('[key]', 'the business key')
    .option('--query <query>', "all running renders that match this query of the engine's")
    .option('--yes', 'do not ask for confirmation')
    .action((key: string | undefined, options: CancelOptions) =>
      run(options, (output) => {
        const { query } = options;
        if (key !== undefined && query === undefined)
          return withRenders((renders) => cancelOne(renders, key, output));
        if (key === undefined && query !== undefined)
          return withRenders((renders) => cancelMany(renders, query, options, output));
        throw new OptionsInvalid('give either a key or --query');
      }),
    );
}

async function cancelOne(renders: Renders, key: string, output: Output): Promise<number> {
  await renders.cancel(key);
  output.result({ key, cancelRequested: true }, [
    `${key}: asked to end; see \`renderonce status ${key}\` for the result`,
  ]);
  return 0;
}

async function cancelMany(
  renders: Renders,
  query: string,
  { yes }: CancelOptions,
  output: Output,
): Promise<number> {
  const found = await runningOf(renders, query);
  if (yes !== true && found.length > 0 && !(await confirmed(listLines(found), question(found)))) {
    throw new OptionsInvalid('not confirmed: nothing was cancelled');
  }
  const failures: ReturnType<typeof failureOf>[] = [];
  const cancel = ({ key }: ListedRender): Promise<unknown> =>
    renders.cancel(key).catch((error: unknown) => failures.push(failureOf(key, error)));
  await pMap(found, cancel, { concurrency: CANCELS_AT_ONCE });
  const cancelRequested = found.length - failures.length;
  output.result({ query, matched: found.length, cancelRequested, failures }, [
    `${cancelRequested} of ${found.length} running renders are asked to end`,
    ...failures.map(({ key, code, message }) => `  ${key}: ${code}: ${message}`),
    ...(found.length === MANY_RENDERS ? ['There may be more: run it again.'] : []),
  ]);
  return failures.length === 0 ? 0 : EXIT.outcome;
}

/** Lists the renders that match and still run. The index may lag, but a closed render ignores a cancel. */
async function runningOf(renders: Renders, query: string): Promise<ListedRender[]> {
  const found: ListedRender[] = [];
  for await (const render of renders.list({ query: `(${query}) AND ExecutionStatus="Running"` })) {
    if (render.closedAt === undefined) found.push(render);
    if (found.length === MANY_RENDERS) break;
  }
  return found;
}

function question(found: readonly ListedRender[]): string {
  const accepted = found.filter(({ project }) => project !== undefined).length;
  return `Cancel ${found.length} renders, ${accepted} of them accepted and paid for?`;
}
