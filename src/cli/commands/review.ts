import type { Command } from 'commander';
import type { Review } from '../../starter/review.js';
import { type CommonOptions, newCommand, run } from '../command.js';
import { withRenders } from '../connect.js';

/** Creates `renderonce review`, which asks the provider once more about an ended render. */
export function reviewCommand(): Command {
  return newCommand('review', ['review order-12345-thumbnail', 'review order-12345-thumbnail --json'])
    .argument('<key>', 'the business key')
    .action((key: string, options: CommonOptions) =>
      run(options, async (output) => {
        const review = await withRenders((renders) => renders.review(key));
        output.result(review, linesOf(review));
      }),
    );
}

function linesOf({ key, project, state, providerStatus, video }: Review): string[] {
  return [
    `${key}: ${state}, project ${project}; the provider says now: ${providerStatus}`,
    ...(video === undefined
      ? []
      : [`  ${video.url}`, '  The outcome stays as it is: save the file yourself.']),
  ];
}
