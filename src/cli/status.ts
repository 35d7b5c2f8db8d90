import type { Command } from 'commander';
import type { RenderStatus } from '../starter/status.js';
import { type CommonOptions, newCommand, run } from './command.js';
import { withRenders } from './surroundings.js';

/** `renderonce status`: where a render stands. */
export function statusCommand(): Command {
  return newCommand('status', 'show where a render stands; never waits and needs no worker', [
    'status order-12345-thumbnail',
    'status order-12345-thumbnail --json',
  ])
    .argument('<key>', 'the business key')
    .action((key: string, options: CommonOptions) =>
      run(options, async (output) => {
        const status = await withRenders((renders) => renders.status(key));
        output.result(status, statusLines(status));
      }),
    );
}

function statusLines(status: RenderStatus): string[] {
  const project = status.project === undefined ? '' : `, project ${status.project}`;
  const closed = status.closedAt === undefined ? '' : `, closed ${status.closedAt}`;
  return [
    `${status.key}: ${status.state}${project}`,
    `  started ${status.startedAt}${closed}; submissions: ${status.attempts}`,
    ...(status.providerStatus === undefined ? [] : [`  the provider says: ${status.providerStatus}`]),
    ...(status.message === undefined ? [] : [`  ${status.message}`]),
  ];
}
