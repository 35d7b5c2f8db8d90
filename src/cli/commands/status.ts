import type { Command } from 'commander';
import { type CommonOptions, newCommand, run } from '../command.js';
import { storyLines } from '../print/story-lines.js';
import { withRenders } from '../local/surroundings.js';

/** `renderonce status`: where a render stands, how it came there, and what comes next. */
export function statusCommand(): Command {
  return newCommand('status', ['status order-12345-thumbnail', 'status order-12345-thumbnail --json'])
    .argument('<key>', 'the business key')
    .action((key: string, options: CommonOptions) =>
      run(options, async (output) => {
        const { events, next, ...status } = await withRenders((renders) => renders.story(key));
        output.result(status, storyLines({ ...status, events, next }));
      }),
    );
}
