import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import { Client, Connection } from '@temporalio/client';
import { expect, test } from 'vitest';
import { Renders } from '../../src/starter.js';
import { connectClient } from '../../src/temporal/connect.js';
import { isJsonObject } from '../../src/text/json.js';

const NOT_FOUND = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '5' };

const UNKNOWN_CALL = { ...NOT_FOUND, 'grpc-status': '12' };

/** An engine that knows no workflow. It can be killed, and come back at its address. */
class EmptyEngine {
  readonly #sessions = new Set<ServerHttp2Session>();
  #server: Http2Server | undefined;
  port = 0;

  async start(): Promise<void> {
    const server = createServer();
    server.on('session', (session) => this.#sessions.add(session));
    server.on('stream', (stream, { ':path': path }) => {
      // An engine may lack this call; the client then connects all the same.
      if (path?.endsWith('/GetSystemInfo')) return stream.respond(UNKNOWN_CALL, { endStream: true });
      stream.respond({ ...NOT_FOUND, 'grpc-message': 'workflow not found' }, { endStream: true });
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    const address: unknown = server.address();
    if (isJsonObject(address)) this.port = Number(address['port']);
    this.#server = server;
  }

  async kill(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve));
    for (const session of this.#sessions) session.destroy();
    this.#sessions.clear();
    await closed;
  }
}

test('a client goes on when its engine was killed and comes back, also with a call that began meanwhile', async () => {
  const engine = new EmptyEngine();
  await engine.start();
  const channelArgs = { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 200 };
  const connection = Connection.lazy({ address: `127.0.0.1:${engine.port}`, channelArgs });
  const renders = new Renders({ client: new Client({ connection }) });
  const unknown = { code: 'KeyNotFound' };
  await expect(renders.result('key')).rejects.toMatchObject(unknown);
  await engine.kill();
  const meanwhile = Promise.allSettled([renders.result('key'), renders.status('key')]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await engine.start();
  expect(await meanwhile).toMatchObject([{ reason: unknown }, { reason: unknown }]);
  await expect(renders.result('key')).rejects.toMatchObject(unknown);
  await expect(renders.status('key')).rejects.toMatchObject(unknown);
  await connection.close();
  await engine.kill();
}, 15_000);

test('a client of a command or of a receiver connects again within seconds, however long its engine was away', async () => {
  const engine = new EmptyEngine();
  await engine.start();
  const { connection } = await connectClient({
    connectionOptions: { address: `127.0.0.1:${engine.port}` },
    namespace: 'default',
  });
  // By default gRPC pauses up to 2 minutes between two tries.
  const args = connection instanceof Connection ? connection.options.channelArgs : undefined;
  expect(args?.['grpc.max_reconnect_backoff_ms']).toBeLessThanOrEqual(5_000);
  await connection.close();
  await engine.kill();
}, 15_000);
