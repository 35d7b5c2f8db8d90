import type { Command } from 'commander';
import type { Renders } from '../../starter.js';
import type { RenderStatus } from '../../starter/status.js';
import { type CommonOptions, newCommand, run } from '../command.js';
import { CHANGES_KEPT } from '../limits.js';
import { lineView, liveView } from '../print/live-view.js';
import { printOutcome } from '../print/outcome-lines.js';
import type { Output } from '../print/output.js';
import { canRedraw } from '../print/redraw.js';
import { withRenders } from '../local/surroundings.js';

/** `renderonce watch`: a render live, until it is closed. */
export function watchCommand(): Command {
  return newCommand('watch', ['watch order-12345-thumbnail', 'watch order-12345-thumbnail --json'])
    .argument('<key>', 'the business key')
    .action((key: string, options: CommonOptions) =>
      run(options, (output) => withRenders((renders) => watch(renders, key, options, output))),
    );
}

type Change = Omit<RenderStatus, 'key' | 'startedAt' | 'closedAt'> & { readonly at: string };

async function watch(
  renders: Renders,
  key: string,
  { json }: CommonOptions,
  output: Output,
): Promise<number> {
  const { stderr } = process;
  const view = json !== true && canRedraw(stderr) ? liveView(stderr) : lineView(output);
  const changes: Change[] = [];
  try {
    for await (const status of renders.watch(key)) {
      view.show(status);
      const { key: _key, startedAt: _startedAt, closedAt: _closedAt, ...change } = status;
      changes.push({ at: new Date().toISOString(), ...change });
      if (changes.length > CHANGES_KEPT) changes.shift();
    }
  } finally {
    view.end();
  }
  return printOutcome(output, () => renders.result(key), { changes });
}
