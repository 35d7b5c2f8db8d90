import { type Command, InvalidArgumentError, Option } from 'commander';
import { readConfig } from '../../config.js';
import { assertKey } from '../../render/key.js';
import { askEngine } from '../../temporal/ask-engine.js';
import { requireCurrentRun } from '../../temporal/current-run.js';
import { openInBrowser } from '../local/browser.js';
import { type CommonOptions, newCommand, run } from '../command.js';
import { engineAddress, withClient } from '../local/surroundings.js';
import { runPage, uiOf } from '../local/ui-address.js';

interface OpenOptions extends CommonOptions {
  readonly ui?: string;
  readonly browser?: boolean;
}

/** `renderonce open`: a render's page in the Temporal UI. */
export function openCommand(): Command {
  return newCommand('open', [
    'open order-12345-thumbnail --browser',
    'open order-12345-thumbnail --ui https://temporal.example.com',
  ])
    .argument('<key>', 'the business key')
    .addOption(
      new Option('--ui <url>', 'where the Temporal UI is; known for a local engine and for Temporal Cloud')
        .env('TEMPORAL_UI_URL')
        .argParser(webUrl),
    )
    .option('--browser', 'open the page in the browser, too')
    .action((key: string, options: OpenOptions) =>
      run(options, async (output) => {
        assertKey(key);
        const address = engineAddress(readConfig(process.env)).connectionOptions.address ?? 'localhost:7233';
        const ui = options.ui ?? uiOf(address);
        const { runId, namespace } = await currentRun(key);
        const url = runPage(ui, { namespace, workflowId: key, runId });
        const isOpened = options.browser === true && (await openInBrowser(url));
        if (options.browser === true && !isOpened) output.note('no browser is found here; open it yourself:');
        output.result({ key, url, opened: isOpened }, [url]);
      }),
    );
}

/** The run that the key stands for now. */
function currentRun(key: string): Promise<{ readonly runId: string; readonly namespace: string }> {
  return withClient(async (client) => {
    const current = await askEngine(client, key, () => requireCurrentRun(client, key));
    return { runId: current.runId, namespace: client.options.namespace };
  });
}

function webUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It must be an http or https URL.');
}
