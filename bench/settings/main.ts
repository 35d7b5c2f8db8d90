/**
 * `npm run bench:settings -- [--count 100] [--rounds 5]`: renderonce as it is shipped beside each of its variants, by
 * turns, on one engine. Prints a table.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type PlantedDist, plantDist } from '../../test/support/planted-dist.js';
import { openEngine } from '../engine.js';
import { inRounds } from '../measure/rounds.js';
import { median } from '../measure/statistics.js';
import { numberOf } from '../options.js';
import { timeCommand } from '../processes.js';
import { measureVariants } from './measure-variants.js';
import { commandTable, settingsTable } from './table.js';
import { ALL_COMMANDS, SHIPPED, VARIANTS } from './variants.js';

const { values } = parseArgs({
  options: { count: { type: 'string' }, rounds: { type: 'string' } },
});
const count = numberOf('--count', values.count, { least: 1 }) ?? 100;
const rounds = numberOf('--rounds', values.rounds, { least: 1 }) ?? 5;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const planted = new Map<string, PlantedDist>();
const mainOf = (name: string): string => join(planted.get(name)?.dist ?? '', 'cli/main.js');
const engine = await openEngine('memory');
try {
  for (const { name, plants } of [SHIPPED, ...VARIANTS, ALL_COMMANDS])
    planted.set(name, await plantDist(plants));
  const settings = await measureVariants(
    [SHIPPED, ...VARIANTS].map(({ name }) => ({ name, main: mainOf(name) })),
    { engine, count, rounds, say },
  );
  const time =
    (variant: string, ...words: string[]) =>
    () =>
      timeCommand(words, mainOf(variant));
  const commands = await inRounds(7, {
    '`--help`': time(SHIPPED.name, '--help'),
    '`--help`, all commands loaded': time(ALL_COMMANDS.name, '--help'),
    '`status --help`': time(SHIPPED.name, 'status', '--help'),
    '`status --help`, all commands loaded': time(ALL_COMMANDS.name, 'status', '--help'),
  });
  const medians = Object.entries(commands).map(([name, times]) => ({ name, ms: median(times) }));
  process.stdout.write(`${settingsTable(settings)}\n\n${commandTable(medians)}\n`);
} finally {
  for (const each of planted.values()) await each.remove();
  await engine.close();
}
