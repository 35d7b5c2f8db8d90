import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { killFamily } from './family.js';
import { type Env, runCommand, type Running, startCommand } from './processes.js';
import { CARD } from './stage.js';
import { until } from './until.js';

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

/** Short, since each first submission on a restored engine waits for it. */
const RESTORE_OPTIONS = { submitTimeoutSeconds: 10, settleSeconds: 30 };

type Call = ReturnType<typeof apiOf>;

/** Runs a command to its end and returns its document. */
export async function jsonOf(
  ...args: string[]
): Promise<Record<string, unknown> & { readonly code: unknown }> {
  const ran = await runCommand([...args, '--json'], {});
  return { ...(JSON.parse(ran.stdout) as object), code: ran.code };
}

/** Asks until the provider has accepted the movie, and returns its project. */
export function projectOf(call: Call, key: string): Promise<string> {
  const ask = async (): Promise<string | undefined> => {
    const reply = await call('PUT', `/v1/renders/${key}`, { movie: CARD, options: RESTORE_OPTIONS }).catch(
      () => undefined,
    );
    if (reply === undefined) return undefined;
    const { project } = (await reply.json()) as { project?: string };
    return project;
  };
  return until(`${key} has a project`, ask, 200_000);
}

/** Ends everything that runs below an `up`, as a power cut does. */
export async function killAll(up: Running): Promise<void> {
  killFamily(up.pid);
  await up.exit;
}
