import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { request } from 'undici';
import { choosePorts } from '../../../src/engine/ports.js';
import { type Service, startService } from '../../../test/support/cluster/service.js';

/** Restate's server, with its data in a folder. */
export interface RestateServer extends Service {
  /** Where workflows are called. */
  readonly ingressUrl: string;
  /** Tells it where a backend serves its workflows. */
  register(backendUrl: string): Promise<void>;
}

const START_MS = 60_000;
const HOST = '127.0.0.1';

export async function startRestateServer(directory: string): Promise<RestateServer> {
  const { port, uiPort } = await choosePorts({ ip: HOST });
  const service = await startService({
    binary: serverBinary(),
    args: [],
    directory,
    env: {
      RESTATE_BASE_DIR: join(directory, 'data'),
      RESTATE_INGRESS__BIND_ADDRESS: `${HOST}:${port}`,
      RESTATE_ADMIN__BIND_ADDRESS: `${HOST}:${uiPort}`,
      // Its nodes talk to one another over sockets in that folder; there is one.
      RESTATE_LISTEN_MODE: 'unix',
      RESTATE_INGRESS__LISTEN_MODE: 'tcp',
      RESTATE_ADMIN__LISTEN_MODE: 'tcp',
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_LOG_FILTER: 'warn',
    },
    isReady: async () => (await statusOf(`http://${HOST}:${port}/restate/health`)) === 200,
    patienceMs: START_MS,
  });
  return {
    ...service,
    ingressUrl: `http://${HOST}:${port}`,
    register: async (backendUrl) => {
      const status = await statusOf(`http://${HOST}:${uiPort}/deployments`, { uri: backendUrl });
      if (status >= 300) throw new Error(`Restate answered ${status} to the registration of ${backendUrl}`);
    },
  };
}

/** The executable itself, without the script around it, so that a signal reaches it. */
function serverBinary(): string {
  const { resolve } = createRequire(import.meta.url);
  const ofPlatform = `@restatedev/restate-server-${process.platform}-${process.arch}/package.json`;
  return join(dirname(resolve(ofPlatform)), 'bin', 'restate-server');
}

async function statusOf(url: string, body?: object): Promise<number> {
  const reply = await request(url, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  await reply.body.dump();
  return reply.statusCode;
}
