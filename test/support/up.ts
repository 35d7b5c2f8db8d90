import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Env, type Running, startCommand } from './processes.js';

/** Returns a path for a data folder that does not exist yet; both go at the end of the test. */
export async function freshDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-up-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return join(folder, 'data');
}

/** Starts `renderonce up` on free ports; the test's end stops it, if it still runs. */
export async function startUp(data: string, args: readonly string[] = [], env: Env = {}): Promise<Running> {
  const up = await startCommand(['up', '--data', data, '--port', '0', ...args], {
    RENDERONCE_LOG_LEVEL: 'error',
    ...env,
  });
  onTestFinished(async () => void (await up.stop()));
  return up;
}

/** Returns a caller of the HTTP API of an `up`. */
export function apiOf(up: Running, token: unknown) {
  return (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${String(up.said['url'])}${path}`, {
      method,
      headers: { authorization: `Bearer ${String(token)}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
}
