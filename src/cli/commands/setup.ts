import type { Command } from 'commander';
import { readEngineSetup } from '../../temporal/namespace.js';
import { setUpEngine } from '../../temporal/set-up-namespace.js';
import { type CommonOptions, newCommand, run } from '../command.js';
import { withClient } from '../connect.js';

/** Creates `renderonce setup`, which prepares an engine. */
export function setupCommand(): Command {
  return newCommand('setup', ['setup', 'setup --json']).action((options: CommonOptions) =>
    run(options, async (output) => {
      await withClient(async (client, config) => {
        const done = await setUpEngine(client, { retentionDays: config.keyMemoryDays });
        const { namespace, retentionDays } = await readEngineSetup(client);
        const state = `namespace ${namespace} is ready; it remembers closed keys for ${retentionDays} days`;
        output.result({ namespace, retentionDays, done }, [...done, state]);
      });
    }),
  );
}
