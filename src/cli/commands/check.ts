import type { Command } from 'commander';
import { type Config, readConfig } from '../../config.js';
import { createJson2Video } from '../../json2video/client.js';
import { quoteWithTemplate } from '../../json2video/template-quote.js';
import { checkReadMovie, type MovieCheck } from '../../movie/check.js';
import { parseMovie } from '../../movie/movie.js';
import type { Quote } from '../../movie/quote.js';
import { NUMBERS } from '../../render/options.js';
import { readJsonText } from '../../text/json-text.js';
import { type CommonOptions, EXIT, newCommand, numberOption, run } from '../command.js';
import { inputName, readMovieFile, readTextFile } from '../local/files.js';
import { priceInWords, quoteLines } from '../print/quote-lines.js';

interface CheckCommandOptions extends CommonOptions {
  readonly submitPatienceSeconds?: number;
}

const PATIENCE = NUMBERS.submitPatienceSeconds;

/** Creates `renderonce check`, which checks a movie file without an engine. */
export function checkCommand(): Command {
  return newCommand('check', ['check movie.json', 'check - --json < movie.json'])
    .argument('<movie.json>', 'the movie, a JSON file; - is standard input')
    .addOption(
      numberOption(
        '--submit-patience-seconds <number>',
        `time for which signed URLs should last, ${PATIENCE.default} by default`,
        PATIENCE,
      ),
    )
    .action((path: string, options: CheckCommandOptions) =>
      run(options, async (output) => {
        const config = readConfig(process.env);
        const read = readJsonText(await readTextFile(path));
        const { quote, ...found } = checkReadMovie(read, { assets: config.assets, ...options });
        const isPriced = quote !== undefined && 'value' in read;
        const check = isPriced ? { ...found, quote: await quoteOf(read.value, config) } : found;
        output.result(check, linesOf(inputName(path), check));
        return check.ok ? 0 : EXIT.usage;
      }),
    );
}

/** Creates `renderonce quote`, which prints the price of a movie file without an engine. */
export function quoteCommand(): Command {
  return newCommand('quote', ['quote movie.json', 'quote - --json < movie.json'])
    .argument('<movie.json>', 'the movie, a JSON file; - is standard input')
    .action((path: string, options: CommonOptions) =>
      run(options, async (output) => {
        const movie = parseMovie(await readMovieFile(path), '');
        const quote = await quoteOf(movie, readConfig(process.env));
        output.result(quote, quoteLines(inputName(path), quote));
      }),
    );
}

/** Quotes a movie, and reads its template if an API key is configured. */
async function quoteOf(movie: unknown, { apiKey, json2videoUrl: url }: Config): Promise<Quote> {
  const provider = apiKey && createJson2Video({ url, apiKey: apiKey.reveal(), now: Date.now });
  try {
    return await quoteWithTemplate(movie, provider);
  } finally {
    await provider?.close();
  }
}

function linesOf(file: string, { faults, warnings, quote }: MovieCheck): string[] {
  const [faultCount, warningCount] = [faults.length, warnings.length];
  return [
    ...faults.map(({ path, message }) => `fault    ${path === '' ? '' : `${path} `}${message}`),
    ...warnings.map(({ path, message }) => `warning  ${path} ${message}`),
    ...(quote === undefined ? [] : [`quote    ${priceInWords(quote)}`]),
    `${file}: ${faultCount} fault${faultCount === 1 ? '' : 's'}, ${warningCount} warning${warningCount === 1 ? '' : 's'}`,
  ];
}
