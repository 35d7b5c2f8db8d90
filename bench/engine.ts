import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { findEngine, startEngine } from '../src/engine/index.js';
import { SEARCH_ATTRIBUTES } from '../src/workflows/messages.js';

/** The engine that is measured, with a client. */
export interface BenchEngine {
  readonly address: string;
  readonly client: Client;
  /** In words, without an address. */
  readonly store: string;
  readonly serverVersion: string;
  /** Where this run has started it. */
  readonly pid?: number;
  close(): Promise<void>;
}

interface Opened {
  readonly address: string;
  readonly store: string;
  readonly pid?: number;
  readonly stop: () => Promise<void>;
}

/**
 * Starts an engine that keeps everything in `memory` or in a `file`, or takes the one at an address.
 *
 * @param start the code that starts it, ours by default
 */
export async function openEngine(store: string, start = startEngine): Promise<BenchEngine> {
  const { stop, ...opened } = await open(store, start);
  const connection = await Connection.connect({ address: opened.address });
  const { serverVersion } = await connection.workflowService.getSystemInfo({});
  return {
    ...opened,
    client: new Client({ connection }),
    serverVersion,
    close: async () => {
      await connection.close();
      await stop();
    },
  };
}

async function open(store: string, start: typeof startEngine): Promise<Opened> {
  if (store !== 'memory' && store !== 'file') {
    return { address: store, store: 'a given engine', stop: async () => undefined };
  }
  const { path: binary } = await findEngine({ env: process.env });
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-bench-'));
  const engine = await start({
    binary,
    retentionDays: 30,
    searchAttributes: SEARCH_ATTRIBUTES,
    env: process.env,
    ...(store === 'file' ? { dbFile: join(folder, 'temporal.db') } : {}),
  });
  return {
    address: engine.address,
    pid: engine.pid,
    store: store === 'file' ? 'dev server, SQLite file' : 'dev server, in memory',
    stop: async () => {
      await engine.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
