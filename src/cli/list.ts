import { type Command, Option } from 'commander';
import { RENDER_STATES, type RenderState } from '../render/state.js';
import type { ListedRender } from '../starter/list.js';
import { type CommonOptions, newCommand, numberOption, run } from './command.js';
import { withRenders } from './surroundings.js';

interface ListOptions extends CommonOptions {
  readonly state?: RenderState;
  readonly since?: string;
  readonly limit: number;
}

/** `renderonce list`: the renders that the engine remembers. */
export function listCommand(): Command {
  return newCommand('list', 'list renders, newest first', [
    'list',
    'list --state held',
    'list --state failed --since 2026-11-01T00:00:00Z --json',
  ])
    .addOption(new Option('--state <state>', 'only renders in this state').choices([...RENDER_STATES]))
    .option('--since <time>', 'only renders started at this ISO time or later')
    .option('--limit <count>', 'at most this many', numberOption(1, 100_000), 100)
    .action(({ state, since, limit, ...options }: ListOptions) =>
      run(options, (output) =>
        withRenders(async (renders) => {
          const found: ListedRender[] = [];
          for await (const render of renders.list({ state, since })) {
            found.push(render);
            if (found.length === limit) break;
          }
          output.result({ renders: found }, found.length === 0 ? ['no renders'] : found.map(lineOf));
        }),
      ),
    );
}

function lineOf(render: ListedRender): string {
  const project = render.project ?? '-'.padEnd(16);
  return `${render.startedAt.slice(0, 19)}Z  ${render.state.padEnd(10)}  ${project.padEnd(16)}  ${render.key}`;
}
