import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { findEngine, type RunningEngine, startEngine } from '../../src/engine/index.js';
import { SEARCH_ATTRIBUTES } from '../../src/workflows/messages.js';
import { RETENTION_DAYS, type SharedEngine } from './engine-setup.js';
import { lastingPort } from './lasting-port.js';

/** The engine of a stage: a namespace on the engine that all stages share, or an engine of the stage's own. */
export interface StageEngine extends Pick<RunningEngine, 'address' | 'uiUrl' | 'namespace'> {
  /** Stops an own engine's process, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Kills an engine on disk and starts it again on the same file and port, after a time or after work on its file. */
  restart(away?: number | (() => Promise<void>)): Promise<void>;
  stop(): Promise<void>;
}

/**
 * - `shared`: a namespace on the project's engine
 * - `memory`: an engine of the stage's own, for a test that stops its engine or gives it much to do
 * - `disk`: an own engine that keeps its data in a file, so that it can be restarted
 */
export type EngineKind = 'shared' | 'memory' | 'disk';

export async function openEngine(kind: EngineKind, folder: string): Promise<StageEngine> {
  return kind === 'shared' ? takeNamespace(inject('sharedEngine')) : startOwn(kind, folder);
}

async function takeNamespace({ address, uiUrl, namespaces, marks }: SharedEngine): Promise<StageEngine> {
  for (const namespace of namespaces) {
    const isMine = await writeFile(join(marks, namespace), '', { flag: 'wx' }).then(
      () => true,
      () => false,
    );
    if (isMine) {
      const mustBeOwn = (): never => {
        throw new Error('this stage shares its engine with others');
      };
      return {
        address,
        uiUrl,
        namespace,
        signal: mustBeOwn,
        restart: mustBeOwn,
        stop: async () => undefined,
      };
    }
  }
  throw new Error('all namespaces of the shared engine are taken: engine-setup.ts makes them');
}

async function startOwn(kind: 'memory' | 'disk', folder: string): Promise<StageEngine> {
  const { path: binary } = await findEngine({ env: process.env });
  const port = await lastingPort();
  const start = (): Promise<RunningEngine> =>
    startEngine({
      binary,
      ...(kind === 'disk' ? { dbFile: join(folder, 'temporal.db') } : {}),
      retentionDays: RETENTION_DAYS,
      searchAttributes: SEARCH_ATTRIBUTES,
      env: process.env,
      port,
    });
  let engine = await start();
  return {
    address: engine.address,
    namespace: engine.namespace,
    get uiUrl() {
      return engine.uiUrl;
    },
    signal: (signal) => void process.kill(engine.pid, signal),
    restart: async (away = 0) => {
      if (kind === 'memory') throw new Error('the data of this engine is in memory and ends with it');
      process.kill(engine.pid, 'SIGKILL');
      await engine.exited;
      if (typeof away === 'function') await away();
      else await new Promise((resolve) => setTimeout(resolve, away));
      engine = await start();
    },
    stop: () => engine.stop(),
  };
}
