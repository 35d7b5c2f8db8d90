import { type Env, type Running, startCommand } from '../support/processes.js';
import { openTlsDoor, type TlsDoor } from '../support/tls-door.js';
import type { FaultStage } from './fault-stage.js';
import { openReturnGate, type ReturnGate } from './return-gate.js';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.js';

/** A real worker, all of whose lines to engine and provider go through proxies of its own. */
export interface FaultyWorker {
  readonly process: Running;
  readonly engine: TcpProxy;
  /** Behind the door: what goes through it is plain HTTP. */
  readonly provider: TcpProxy;
  readonly door: TlsDoor;
  readonly gate: ReturnGate;
  /** Lets all through. */
  open(): void;
  /** Cuts its lines. The process must be gone, or is killed. */
  close(): Promise<void>;
}

export async function startFaultyWorker(
  stage: FaultStage,
  taskQueue: string,
  more: Env,
): Promise<FaultyWorker> {
  const [engine, provider, gate] = await Promise.all([
    openTcpProxy(Number(stage.engine.address.split(':')[1])),
    openTcpProxy(Number(new URL(stage.fake.url).port)),
    openReturnGate(),
  ]);
  const door = await openTlsDoor(`http://127.0.0.1:${provider.port}`);
  const env = {
    ...stage.env,
    ...gate.env,
    // Saves the worker a thread, in which it would load the SDK again.
    TEMPORAL_DEBUG: '1',
    TEMPORAL_ADDRESS: `127.0.0.1:${engine.port}`,
    RENDERONCE_TASK_QUEUE: taskQueue,
    RENDERONCE_LOG_LEVEL: 'error',
    JSON2VIDEO_URL: door.url,
    NODE_EXTRA_CA_CERTS: door.certificateFile,
    ...more,
  };
  const process = await startCommand(['worker'], env);
  return {
    process,
    engine,
    provider,
    door,
    gate,
    open: () => {
      engine.open();
      provider.open();
      door.open();
      gate.open();
    },
    close: async () => {
      process.kill('SIGKILL');
      await process.exit;
      await Promise.all([engine.close(), provider.close(), door.close(), gate.close()]);
    },
  };
}
