import type { Command } from 'commander';
import { parseMovie } from '../../movie/movie.js';
import { quoteMovie } from '../../movie/quote.js';
import { type CommonOptions, newCommand, run } from '../command.js';
import { inputName, readMovieFile } from '../local/files.js';
import { quoteLines } from '../print/quote-lines.js';

/** Creates `renderonce quote`, which prints the price of a movie file without an engine. */
export function quoteCommand(): Command {
  return newCommand('quote', ['quote movie.json', 'quote - --json < movie.json'])
    .argument('<movie.json>', 'the movie, a JSON file; - is standard input')
    .action((path: string, options: CommonOptions) =>
      run(options, async (output) => {
        const quote = quoteMovie(parseMovie(await readMovieFile(path), ''));
        output.result(quote, quoteLines(inputName(path), quote));
      }),
    );
}
