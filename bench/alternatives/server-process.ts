import { fileURLToPath } from 'node:url';
import { type MeasuredProcess, startCommand, startNode } from '../processes.js';

/** A server of an alternative in a process of its own. It ends with this one, however that ends. */
export interface ServerProcess extends Pick<MeasuredProcess, 'url' | 'pid' | 'stop'> {
  /** SIGKILL, and another process at the same address. */
  crash(): Promise<void>;
}

type Settings = Readonly<Record<string, string | undefined>>;

/** Starts the backend of an alternative (see `child/announce.mjs`). */
export function startBackend(script: URL, settings: Settings): Promise<ServerProcess> {
  return restartable(settings, (env) => startNode([fileURLToPath(script)], env));
}

/** Starts our worker as its users do. */
export function startWorker(settings: Settings): Promise<ServerProcess> {
  return restartable(settings, (env) => startCommand(['worker'], env));
}

async function restartable(
  settings: Settings,
  start: (env: Settings) => Promise<MeasuredProcess>,
): Promise<ServerProcess> {
  let running = await start(settings);
  return {
    get url() {
      return running.url;
    },
    get pid() {
      return running.pid;
    },
    crash: async () => {
      await running.kill();
      const port = running.url === '' ? {} : { PORT: new URL(running.url).port };
      running = await start({ ...settings, ...port });
    },
    stop: () => running.stop(),
  };
}
