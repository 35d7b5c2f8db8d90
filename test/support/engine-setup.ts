import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { TestProject } from 'vitest/node';
import { findEngine, startEngine } from '../../src/engine/index.js';
import { SEARCH_ATTRIBUTES } from '../../src/workflows/messages.js';

declare module 'vitest' {
  export interface ProvidedContext {
    sharedEngine: SharedEngine;
  }
}

/** The engine of a vitest project, which its stages share; each of them takes a namespace. */
export interface SharedEngine {
  readonly address: string;
  readonly uiUrl: string;
  readonly namespaces: readonly string[];
  /** A folder in which a stage marks the namespace that it takes: test files run in several processes. */
  readonly marks: string;
}

/** More than all files of a project open stages. */
const NAMESPACES = 90;

export const RETENTION_DAYS = 30;

/** Starts the project's engine, whose namespaces exist from its start: one made later is known everywhere only after seconds. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-engine-'));
  const marks = join(folder, 'taken');
  await mkdir(marks);
  const namespaces = Array.from({ length: NAMESPACES }, (_, index) => `test-${index}`);
  const engine = await startEngine({
    binary: await withNamespaces(folder, namespaces),
    retentionDays: RETENTION_DAYS,
    searchAttributes: SEARCH_ATTRIBUTES,
    env: process.env,
    stopGraceMs: 0,
  });
  await setRetention(engine.address, namespaces);
  const { address, uiUrl } = engine;
  project.provide('sharedEngine', { address, uiUrl, namespaces, marks });
  return async () => {
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

/** A program that runs the engine with further namespaces. */
async function withNamespaces(folder: string, namespaces: readonly string[]): Promise<string> {
  const { path } = await findEngine({ env: process.env });
  const program = join(folder, 'engine');
  const more = namespaces.map((name) => `--namespace ${name}`).join(' ');
  await writeFile(program, `#!/bin/sh\nexec '${path}' "$@" ${more}\n`);
  await chmod(program, 0o755);
  return program;
}

async function setRetention(address: string, namespaces: readonly string[]): Promise<void> {
  const connection = await Connection.connect({ address });
  const workflowExecutionRetentionTtl = msToTs(RETENTION_DAYS * 86_400_000);
  await Promise.all(
    namespaces.map((namespace) =>
      connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } }),
    ),
  );
  await connection.close();
}
