import type { Command } from 'commander';
import { readConfig } from '../../config.js';
import { checkReadMovie, type MovieCheck } from '../../movie/check.js';
import { NUMBERS } from '../../render/options.js';
import { readJsonText } from '../../text/json-text.js';
import { type CommonOptions, EXIT, newCommand, numberOption, run } from '../command.js';
import { inputName, readTextFile } from '../local/files.js';
import { priceInWords } from '../print/quote-lines.js';

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
        const { assets } = readConfig(process.env);
        const check = checkReadMovie(readJsonText(await readTextFile(path)), { assets, ...options });
        output.result(check, linesOf(inputName(path), check));
        return check.ok ? 0 : EXIT.usage;
      }),
    );
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
