import type { Command } from 'commander';
import { type CommonOptions, newCommand, run } from './command.js';
import { withRenders } from './surroundings.js';

/** `renderonce cancel`: asks a render to end. */
export function cancelCommand(): Command {
  return newCommand('cancel', 'ask a render to end; a project that was accepted goes on at the provider', [
    'cancel order-12345-thumbnail',
  ])
    .argument('<key>', 'the business key')
    .action((key: string, options: CommonOptions) =>
      run(options, (output) =>
        withRenders(async (renders) => {
          await renders.cancel(key);
          output.result({ key, cancelRequested: true }, [
            `${key}: asked to end; see \`renderonce status ${key}\` for what came of it`,
          ]);
        }),
      ),
    );
}
