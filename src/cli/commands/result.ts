import type { Command } from 'commander';
import { type CommonOptions, newCommand, run } from '../command.js';
import { withRenders } from '../connect.js';
import { withProgress } from '../print/progress.js';
import { printOutcome } from '../print/render-lines.js';

/** Creates `renderonce result`, which waits for the outcome. */
export function resultCommand(): Command {
  return newCommand('result', ['result order-12345-thumbnail --json'])
    .argument('<key>', 'the business key')
    .action((key: string, options: CommonOptions) =>
      run(options, (output) =>
        printOutcome(output, () =>
          withRenders((renders) => withProgress(renders, key, output, renders.result(key))),
        ),
      ),
    );
}
