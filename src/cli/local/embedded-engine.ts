import { findEngine, type RunningEngine, startEngine } from '../../engine/index.js';
import { SEARCH_ATTRIBUTES } from '../../workflows/messages.js';
import { withheld } from './child.js';
import type { Output } from '../print/output.js';

interface EmbeddedEngineOptions {
  readonly dbFile: string;
  readonly retentionDays: number;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly uiPort?: number;
}

/** Finds or fetches an engine and starts it with all that renders need. */
export async function startEmbeddedEngine(
  options: EmbeddedEngineOptions,
  output: Output,
): Promise<RunningEngine> {
  const { path } = await findEngine({ env: process.env, onProgress: output.note });
  return startEngine({
    binary: path,
    dbFile: options.dbFile,
    retentionDays: options.retentionDays,
    searchAttributes: SEARCH_ATTRIBUTES,
    env: process.env,
    ...(options.port ? { port: options.port } : {}),
    ...(options.uiPort ? { uiPort: options.uiPort } : {}),
  });
}

/** The variables with which a child process uses this engine and nothing else. */
export function engineEnvironment(engine: RunningEngine): Record<string, string | undefined> {
  return {
    ...withheld((name) => name.startsWith('TEMPORAL_')),
    TEMPORAL_ADDRESS: engine.address,
    TEMPORAL_NAMESPACE: engine.namespace,
  };
}
