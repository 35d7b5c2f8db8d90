import type { ListenAddress } from '../../../text/listen-address.js';
import { listening } from '../../local/serve.js';

/** Sources of a monitor. */
interface MonitorSources {
  /** True if the worker polls for work. */
  readonly isReady: () => boolean;
  /** Returns the metrics in Prometheus' text format. */
  readonly metrics: () => Promise<string>;
}

/** A monitor that listens. */
interface Monitor {
  /** Address at which it listens, without a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the monitor of a worker; without an address there is none. */
export async function openMonitor(
  address: ListenAddress | undefined,
  sources: MonitorSources,
): Promise<Monitor | undefined> {
  if (address === undefined) return undefined;
  return listening('worker', address, (host, port) => startMonitor(host, port, sources));
}

const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';

/** Serves `/healthz`, `/readyz` and `/metrics`. They hold no secret, and they change nothing. */
async function startMonitor(
  host: string,
  port: number,
  { isReady, metrics }: MonitorSources,
): Promise<Monitor> {
  // A worker without a monitor starts faster without this import.
  const { fastify } = await import('fastify');
  const app = fastify({ forceCloseConnections: true, exposeHeadRoutes: false });
  app.get('/healthz', (_request, reply) => reply.send({ ok: true }));
  app.get('/readyz', (_request, reply) => reply.code(isReady() ? 200 : 503).send({ ok: isReady() }));
  app.get('/metrics', async (_request, reply) => reply.type(TEXT_FORMAT).send(await metrics()));
  const url = await app.listen({ host, port });
  return { url, stop: () => app.close() };
}
