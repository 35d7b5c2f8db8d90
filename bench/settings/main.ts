/**
 * `npm run bench:settings -- [--count 100] [--rounds 5]`: renderonce as it is shipped beside each of its variants, by
 * turns, on one engine. Prints a table. With `--before` the variants are its changes of November 2026, taken back, on
 * engines in memory and with a file.
 */
import { parseArgs } from 'node:util';
import { openEngine } from '../engine.js';
import { inRounds } from '../measure/rounds.js';
import { median } from '../measure/statistics.js';
import { numberOf } from '../options.js';
import { timeCommand } from '../processes.js';
import { measureBefore } from './before.js';
import { measureVariants } from './measure-variants.js';
import { beforeTable, commandTable, settingsTable } from './table.js';
import { codeOf, type VariantCode } from './variant-code.js';
import { ALL_COMMANDS, SHIPPED, VARIANTS } from './variants.js';

const { values } = parseArgs({
  options: {
    count: { type: 'string' },
    rounds: { type: 'string' },
    before: { type: 'boolean', default: false },
  },
});
const measuring = {
  count: numberOf('--count', values.count, { least: 1 }) ?? 100,
  rounds: numberOf('--rounds', values.rounds, { least: 1 }) ?? 5,
  say: (line: string): void => void process.stderr.write(`${line}\n`),
};
const print = (text: string): void => void process.stdout.write(`${text}\n`);

if (values.before) {
  for (const store of ['memory', 'file'] as const) {
    print(`${beforeTable(store, await measureBefore(store, measuring))}\n`);
  }
} else {
  await compareSettings();
}

async function compareSettings(): Promise<void> {
  const codes = new Map<string, VariantCode>();
  const engine = await openEngine('memory');
  try {
    for (const variant of [SHIPPED, ...VARIANTS, ALL_COMMANDS]) {
      codes.set(variant.name, await codeOf(variant));
    }
    const runnable = [SHIPPED, ...VARIANTS].flatMap(({ name }) => {
      const code = codes.get(name);
      return code === undefined ? [] : [{ name, code, engine }];
    });
    print(`${settingsTable(await measureVariants(runnable, measuring))}\n`);
    const time =
      (variant: string, ...words: string[]) =>
      () =>
        timeCommand(words, codes.get(variant)?.main);
    const commands = await inRounds(7, {
      '`--help`': time(SHIPPED.name, '--help'),
      '`--help`, all commands loaded': time(ALL_COMMANDS.name, '--help'),
      '`status --help`': time(SHIPPED.name, 'status', '--help'),
      '`status --help`, all commands loaded': time(ALL_COMMANDS.name, 'status', '--help'),
    });
    print(commandTable(Object.entries(commands).map(([name, times]) => ({ name, ms: median(times) }))));
  } finally {
    for (const code of codes.values()) await code.remove();
    await engine.close();
  }
}
