import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { z } from 'zod';
import type { BenchEngine } from './engine.js';

/** Where and with what was measured; nothing that names a host or a path. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly sdk: string;
  readonly engine: string;
  readonly store: string;
}

const manifest = z.object({ dependencies: z.record(z.string(), z.string()) });

export function describeMachine({ serverVersion, store }: BenchEngine): Machine {
  const { dependencies } = manifest.parse(
    JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')),
  );
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    sdk: `@temporalio ${dependencies['@temporalio/client'] ?? 'unknown'}`,
    engine: `Temporal server ${serverVersion}`,
    store,
  };
}
