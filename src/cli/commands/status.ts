import type { Command } from 'commander';
import { type CommonOptions, newCommand, run } from '../command.js';
import { withRenders } from '../connect.js';
import { storyLines } from '../print/render-lines.js';

/** Creates `renderonce status`, which prints the state of a render, its history, and what comes next. */
export function statusCommand(): Command {
  return newCommand('status', ['status order-12345-thumbnail', 'status order-12345-thumbnail --json'])
    .argument('<key>', 'the business key')
    .action((key: string, options: CommonOptions) =>
      run(options, async (output) => {
        const story = await withRenders((renders) => renders.story(key));
        const { events: _events, next: _next, decisions: _decisions, ...status } = story;
        output.result(status, storyLines(story));
      }),
    );
}
