import { spawn } from 'node:child_process';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readConfig } from '../../config.js';
import { OptionsInvalid } from '../../render/errors.js';
import { assertKey } from '../../render/key.js';
import { RENDER_STATES, type RenderState } from '../../render/state.js';
import { askEngine } from '../../temporal/ask-engine.js';
import { requireCurrentRun } from '../../temporal/current-run.js';
import { isLoopback } from '../../text/text.js';
import { WORKFLOWS } from '../../workflows/messages.js';
import { type CommonOptions, newCommand, run } from '../command.js';
import { engineOf, withClient } from '../connect.js';
import { runningBeside } from '../local/find-running.js';

interface OpenOptions extends CommonOptions {
  readonly ui?: string;
  readonly console?: string;
  readonly temporal?: boolean;
  readonly browser?: boolean;
  readonly state?: RenderState;
}

/** The options, and if the Temporal UI was named by one of them. */
interface Wanted extends OpenOptions {
  readonly isUiGiven: boolean;
}

/**
 * Creates `renderonce open`, which prints the address of a render's page: in the console where `up` or `dev` runs, else in
 * the Temporal UI.
 */
export function openCommand(): Command {
  return newCommand('open', [
    'open order-12345-thumbnail --browser',
    'open --state failed',
    'open order-12345-thumbnail --temporal --ui https://temporal.example.com',
  ])
    .argument('[key]', 'the business key; without one the list of all renders')
    .option('--temporal', 'the page in the Temporal UI, also where a console runs')
    .addOption(
      new Option('--console <url>', 'the address of a server with a console; known where `up` or `dev` runs')
        .env('RENDERONCE_CONSOLE_URL')
        .argParser(webUrl)
        .conflicts(['temporal']),
    )
    .addOption(
      new Option('--ui <url>', 'the Temporal UI; known for a local engine and for Temporal Cloud')
        .env('TEMPORAL_UI_URL')
        .argParser(webUrl),
    )
    .addOption(
      new Option('--state <state>', 'without a key: only renders in this state').choices([...RENDER_STATES]),
    )
    .option('--browser', 'also open the page in the browser')
    .action((key: string | undefined, given: OpenOptions, command: Command) => {
      // The variables of `up` name its Temporal UI, too.
      const options = { ...given, isUiGiven: command.getOptionValueSource('ui') === 'cli' };
      return run(options, async (output) => {
        const url = key === undefined ? listUrl(options) : await renderUrl(key, options);
        const isOpened = options.browser === true && (await openInBrowser(url));
        if (options.browser === true && !isOpened)
          output.note('no browser found; open this address yourself:');
        output.result({ ...(key === undefined ? {} : { key }), url, opened: isOpened }, [url]);
      });
    });
}

function listUrl(options: Wanted): string {
  const { ui, state } = options;
  const console = consoleOf(options);
  if (console !== undefined) return consolePage(console, '/', state === undefined ? {} : { state });
  const { connectionOptions, namespace } = engineOf(readConfig(process.env));
  const condition = state === undefined ? '' : ` AND RenderState="${state}"`;
  const query = `WorkflowType="${WORKFLOWS.render}"${condition}`;
  return listPage(ui ?? uiOf(connectionOptions.address), namespace, query);
}

async function renderUrl(key: string, options: Wanted): Promise<string> {
  const { ui, state } = options;
  assertKey(key);
  if (state !== undefined) throw new OptionsInvalid('give either a key or --state');
  const console = consoleOf(options);
  if (console !== undefined) {
    await currentRun(key);
    return consolePage(console, '/render', { key });
  }
  const address = ui ?? uiOf(engineOf(readConfig(process.env)).connectionOptions.address);
  const { runId, namespace } = await currentRun(key);
  return runPage(address, { namespace, workflowId: key, runId });
}

/** Returns the address of the console; undefined if none is known, or the Temporal UI is asked for. */
function consoleOf({ console, temporal, isUiGiven }: Wanted): string | undefined {
  if (temporal === true || (isUiGiven && console === undefined)) return undefined;
  return console ?? runningBeside(process.env)?.url;
}

function consolePage(console: string, path: string, fields: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(fields).toString();
  return `${console.replace(/\/+$/, '')}${path}${query === '' ? '' : `?${query}`}`;
}

/** Returns the newest run of a key. */
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

/** Returns the Temporal UI's list of the renders that match a query. */
export function listPage(ui: string, namespace: string, query: string): string {
  const search = new URLSearchParams({ query }).toString();
  return `${ui.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows?${search}`;
}

/** A run of a workflow, as the Temporal UI addresses it. */
interface RunAddress {
  readonly namespace: string;
  readonly workflowId: string;
  readonly runId: string;
}

/** Returns the Temporal UI's page of a run. */
export function runPage(ui: string, { namespace, workflowId, runId }: RunAddress): string {
  const path = ['namespaces', namespace, 'workflows', workflowId, runId, 'timeline'];
  return `${ui.replace(/\/+$/, '')}/${path.map(encodeURIComponent).join('/')}`;
}

/** A dev server serves its UI a thousand ports above its frontend by default. */
const UI_PORT_DISTANCE = 1_000;

/**
 * Derives the address of the Temporal UI from the address of an engine.
 *
 * @throws OptionsInvalid if the engine is neither local nor of Temporal Cloud
 */
export function uiOf(engineAddress: string): string {
  const { hostname, port } = new URL(`grpc://${engineAddress}`);
  if (/\.(tmprl\.cloud|api\.temporal\.io)$/.test(hostname)) return 'https://cloud.temporal.io';
  if (isLoopback(hostname)) {
    return `http://${hostname}:${Number(port === '' ? '7233' : port) + UI_PORT_DISTANCE}`;
  }
  throw new OptionsInvalid(
    `the address of the Temporal UI of ${engineAddress} is not known: give --ui URL, or set TEMPORAL_UI_URL`,
  );
}

/** Programs that open a page. None of them is a shell, so an address cannot run as a command. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Opens a page in the browser; returns false if the system has no program for it. */
function openInBrowser(url: string): Promise<boolean> {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  return new Promise((resolve) => {
    const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
    child.once('spawn', () => resolve(true));
    child.once('error', () => resolve(false));
    // The browser may outlive this command.
    child.unref();
  });
}
