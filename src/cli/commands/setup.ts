import type { Command } from 'commander';
import { type CommonOptions, newCommand, run } from '../command.js';
import { readEngineSetup, setUpEngine } from '../../temporal/namespace.js';
import { withClient } from '../local/surroundings.js';

/** `renderonce setup`: prepares an engine once. */
export function setupCommand(): Command {
  return newCommand('setup', ['setup', 'setup --json']).action((options: CommonOptions) =>
    run(options, async (output) => {
      await withClient(async (client, config) => {
        const done = await setUpEngine(client, config.keyMemoryDays);
        const { namespace, retentionDays } = await readEngineSetup(client);
        const state = `namespace ${namespace} is ready; it remembers closed keys for ${retentionDays} days`;
        output.result({ namespace, retentionDays, done }, [...done, state]);
      });
    }),
  );
}
