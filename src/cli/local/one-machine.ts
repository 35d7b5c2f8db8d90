import { existsSync } from 'node:fs';
import type { RunningEngine } from '../../engine/index.js';
import { createToken } from '../../http/tokens.js';
import { ConfigInvalid } from '../../render/errors.js';
import type { ListenAddress } from '../../text/listen-address.js';
import type { Output } from '../print/output.js';
import type { DataFolder, Settings } from './data-folder.js';
import { freePort } from './free-port.js';
import { type LocalProvider, startLocalEngine, startLocalProvider } from './local-stack.js';
import { partVariables, type SharedVariables, sharedVariables } from './part-variables.js';
import type { Listener } from './serve.js';
import { type ChildCommand, spawnCommand } from './spawn-command.js';
import { supervise } from './supervise.js';

/** Plan of everything that runs on one machine. */
export interface Plan {
  readonly folder: DataFolder;
  readonly retentionDays: number;
  /** Ports of the engine and of its UI, both on loopback; 0 takes any free one. */
  readonly enginePort: number;
  readonly uiPort: number;
  /** The local JSON2Video; absent if renders use the real one. */
  readonly local: LocalPlan | undefined;
  readonly listen: ListenAddress;
  /** `made`: a token is made at the first start. `given`: by RENDERONCE_TOKENS. `none`: the server asks for none. */
  readonly tokens: 'made' | 'given' | 'none';
  /** Variables of server and worker beside those of this process. */
  readonly variables: Readonly<Record<string, string>>;
  /** Time in which a stopping worker may end its submissions. */
  readonly workerStopMs: number;
  /** Service whose setting an error names if the server's port is taken. */
  readonly listener: Listener;
}

interface LocalPlan {
  readonly port: number;
  readonly timeScale: number;
}

/** Everything that runs on one machine. */
export interface OneMachine {
  readonly engine: RunningEngine;
  /** Address of the local JSON2Video. */
  readonly providerUrl: string | undefined;
  readonly serverUrl: string;
  readonly workerPid: number;
  /** The admin's token, if this start has made it. */
  readonly token: string | undefined;
  /** Time of the backup from which the engine was restored. */
  readonly lookFrom: string | undefined;
}

type Stops = (() => Promise<unknown>)[];

/**
 * Starts engine, server and worker, perhaps with a local JSON2Video, and replaces each of them whenever it ends. `stops`
 * gets a function for each part, to be called last first, also if a later part does not start.
 */
export async function startOneMachine(plan: Plan, stops: Stops, { note }: Output): Promise<OneMachine> {
  const { folder } = plan;
  const { engine, settings } = await superviseEngine(plan, note);
  stops.push(() => engine.stop());
  const provider = plan.local && (await superviseProvider(plan, plan.local, note));
  if (provider !== undefined) stops.push(() => provider.stop());
  const shared = sharedVariables({
    plan,
    settings,
    engine: engine.current,
    providerUrl: provider?.current.url,
  });

  const makesToken = plan.tokens === 'made' && !existsSync(folder.tokens);
  const made = makesToken ? createToken('admin', '', 'admin') : undefined;
  const server = await superviseServer(plan, settings, shared, made?.line, note);
  stops.push(() => server.stop());
  await folder.write({ ...settings, serverPort: portOf(server.current.url) });
  const known = { ...shared, ...callbacksTo(server.current.url, provider !== undefined) };
  const worker = await supervise({
    name: 'the worker',
    start: () => spawnCommand(['worker'], partVariables(known), plan.workerStopMs),
    note,
  });
  stops.push(() => worker.stop());
  // Only now, since a start that fails shows no token.
  if (made !== undefined) await folder.writeTokens(made.line);
  stops.push(() => folder.forgetRunning());
  await folder.writeRunning({ pid: process.pid, url: server.current.url, variables: known });
  return {
    engine: engine.current,
    providerUrl: provider?.current.url,
    serverUrl: server.current.url,
    workerPid: worker.current.pid,
    token: made?.token,
    lookFrom: known['RENDERONCE_LOOK_FROM'],
  };
}

type Note = Output['note'];

/**
 * An engine that replaces another serves at its ports, which the others know. The settings are read when the database can no
 * longer be restored; after a restore this process must not go on, since its worker does not know of it.
 */
async function superviseEngine(plan: Plan, note: Note) {
  const { folder, retentionDays, enginePort, uiPort } = plan;
  const provider = plan.local === undefined ? 'real' : 'local';
  let settings: Settings | undefined;
  const start = (before?: RunningEngine): Promise<RunningEngine> => {
    const ports =
      before === undefined
        ? { port: enginePort, uiPort }
        : { port: portOf(`http://${before.address}`), uiPort: portOf(before.uiUrl) };
    const onLocked = async (): Promise<void> => {
      const found = await folder.open(provider);
      settings ??= found;
      if (!isSameRestore(found, settings)) throw restoredMeanwhile(folder);
    };
    return startLocalEngine({ dbFile: folder.database, retentionDays, onLocked, ...ports }, note);
  };
  const engine = await supervise({ name: 'the engine', start, note });
  return { engine, settings: settings ?? (await folder.open(provider)) };
}

function isSameRestore(one: Settings, other: Settings): boolean {
  return one.RENDERONCE_LOOK_FROM === other.RENDERONCE_LOOK_FROM && one.restores === other.restores;
}

function restoredMeanwhile({ path }: DataFolder): ConfigInvalid {
  return new ConfigInvalid(
    `the database in ${path} was restored while this process ran, so its worker does not know what to look for`,
    'Stop this process and start it again.',
  );
}

/** Its ledger is beside the engine's database, so that a restart forgets no movie of a render that goes on. */
async function superviseProvider(plan: Plan, { port, timeScale }: LocalPlan, note: Note) {
  await freePort('dev-fake', { host: '127.0.0.1', port }, plan.folder);
  const options = { dataFolder: plan.folder.ledger, port, timeScale };
  const start = (before?: LocalProvider) => startLocalProvider(options, before);
  return supervise({ name: 'the local JSON2Video', start, note });
}

interface Server extends ChildCommand {
  readonly url: string;
}

async function superviseServer(
  { folder, listen, tokens, listener }: Plan,
  { serverPort = 0 }: Settings,
  shared: SharedVariables,
  madeLine: string | undefined,
  note: Note,
) {
  // Callbacks of renders that go on name the port of the last start.
  const address = listen.port === 0 ? { ...listen, port: serverPort, orAnyPort: true } : listen;
  const firstPort = await freePort(listener, address, folder);
  const start = async (before?: Server): Promise<Server> => {
    const port = before === undefined ? firstPort : portOf(before.url);
    const env = { ...partVariables(shared), RENDERONCE_LISTEN: hostAndPort(listen.host, port) };
    const child = await spawnCommand(['server'], { ...env, ...tokenVariable(tokens, folder, madeLine) });
    if (child.url === undefined) throw new Error('the server has no address');
    return { ...child, url: child.url };
  };
  return supervise({ name: 'the server', start, note });
}

/** A replacement reads the file anew, so that a person may add tokens to it. */
function tokenVariable(tokens: Plan['tokens'], folder: DataFolder, madeLine: string | undefined) {
  if (tokens === 'given') return {};
  if (tokens === 'none') return { RENDERONCE_TOKENS: undefined };
  return { RENDERONCE_TOKENS: existsSync(folder.tokens) ? `@${folder.tokens}` : madeLine };
}

/** The local JSON2Video reports to the server directly. */
function callbacksTo(serverUrl: string, isLocal: boolean): SharedVariables {
  return isLocal ? { RENDERONCE_WEBHOOK_URL: serverUrl } : {};
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function hostAndPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
