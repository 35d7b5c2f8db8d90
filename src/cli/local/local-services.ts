import { randomBytes } from 'node:crypto';
import type { RunningEngine } from '../../engine/index.js';
import type { FakeJson2Video } from 'json2video-local';
import { type Child, spawnCommand } from './child.js';
import { engineEnvironment } from './embedded-engine.js';

/** A receiver process, and the variables with which a worker works with it, the engine and the local JSON2Video. */
export interface LocalServices {
  readonly receiver: Child;
  readonly workerEnv: Readonly<Record<string, string | undefined>>;
}

/** Starts a receiver on any free port, with a secret of its own. */
export async function startLocalServices(
  engine: RunningEngine,
  fake: FakeJson2Video,
  more: Readonly<Record<string, string | undefined>>,
): Promise<LocalServices> {
  const env = {
    ...engineEnvironment(engine),
    ...more,
    JSON2VIDEO_API_KEY: undefined,
    RENDERONCE_WEBHOOK_SECRET: randomBytes(32).toString('base64url'),
    RENDERONCE_LISTEN: '127.0.0.1:0',
  };
  const receiver = await spawnCommand(['receiver'], env);
  // A fixed port would be taken where a second installation runs, or an old worker is just stopping.
  const monitor = { RENDERONCE_WORKER_LISTEN: process.env['RENDERONCE_WORKER_LISTEN'] ?? 'off' };
  const provider = { JSON2VIDEO_URL: fake.url, JSON2VIDEO_API_KEY: fake.apiKey };
  return { receiver, workerEnv: { ...env, ...monitor, ...provider, RENDERONCE_WEBHOOK_URL: receiver.url } };
}
