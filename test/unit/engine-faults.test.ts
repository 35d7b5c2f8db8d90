import { createServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { exitCodeOf } from '../../src/cli/command.js';
import { Renders } from '../../src/starter.js';
import { askEngine } from '../../src/temporal/ask-engine.js';

const MOVIE = { scenes: [{ duration: 5 }] };
const LIMIT = { code: 8, message: 'namespace rate limit exceeded' };

interface Reply {
  readonly code: number;
  readonly message: string;
}

/** An engine of one answer to every call; without one it hangs. */
async function openEngine(
  replies: () => Reply | undefined,
): Promise<{ client: Client; calls: () => number }> {
  let calls = 0;
  const server: Http2Server = createServer();
  server.on('stream', (stream) => {
    calls += 1;
    const reply = replies();
    stream.on('error', () => undefined);
    if (reply === undefined) return;
    const trailers = { 'grpc-status': String(reply.code), 'grpc-message': encodeURIComponent(reply.message) };
    const head = { ':status': 200, 'content-type': 'application/grpc+proto' };
    if (reply.code !== 0) {
      stream.respond({ ...head, ...trailers }, { endStream: true });
      return;
    }
    stream.respond(head, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    // An empty message.
    stream.end(Buffer.alloc(5));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const connection = Connection.lazy({ address: `127.0.0.1:${port}` });
  onTestFinished(async () => {
    await connection.close();
    server.close();
  });
  return { client: new Client({ connection }), calls: () => calls };
}

const caught = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);
/** Each call of the library that asks the engine about a key. */
const CALLS: Readonly<Record<string, (renders: Renders, deadlineMs: number) => Promise<unknown>>> = {
  submitOnce: (renders, deadlineMs) => renders.submitOnce('key', MOVIE, { deadlineMs }),
  start: (renders, deadlineMs) => renders.start('key', MOVIE, { deadlineMs }),
  result: (renders) => renders.result('key'),
  status: (renders, deadlineMs) => renders.status('key', { deadlineMs }),
  story: (renders, deadlineMs) => renders.story('key', { deadlineMs }),
  cancel: (renders, deadlineMs) => renders.cancel('key', { deadlineMs }),
  resolve: (renders, deadlineMs) =>
    renders.resolve('key', 'abandon', { by: 'anna', why: 'a test', deadlineMs }),
};

afterEach(() => {
  process.exitCode = undefined;
});

describe.each(Object.keys(CALLS))('%s', (name) => {
  test.each([
    [
      { code: 7, message: 'Request unauthorized.' },
      'EngineRefused',
      /refuses this process: gRPC 7: Request unauth/,
    ],
    [{ code: 16, message: 'no token' }, 'EngineRefused', /refuses this process: gRPC 16/],
    [{ code: 12, message: 'unknown method' }, 'EngineRefused', /lacks a call that renderonce needs: gRPC 12/],
    [{ code: 3, message: 'bad request' }, 'EngineRefused', /refuses the call: gRPC 3: bad request/],
    [{ code: 13, message: 'shard failure' }, 'EngineUnavailable', /failed to answer: gRPC 13: shard failure/],
    [{ code: 5, message: 'Namespace default is not found.' }, 'EngineNotSetUp', /lacks the namespace/],
  ])('turns %j into an error with code, key and next step', async (reply, code, message) => {
    const { client } = await openEngine(() => reply);
    const error = await caught(CALLS[name]?.(new Renders({ client }), 5_000) ?? Promise.resolve());
    expect(error).toMatchObject({
      code,
      key: 'key',
      message: expect.stringMatching(message),
      next: expect.stringMatching(/same key|TEMPORAL_ADDRESS/),
    });
    expect(exitCodeOf(error)).toBe(3);
  });
});

describe('an engine that limits the rate of calls', () => {
  test.each(['submitOnce', 'status'])('is named by %s when the deadline has passed', async (name) => {
    const { client, calls } = await openEngine(() => LIMIT);
    const beganMs = Date.now();
    const error = await caught(CALLS[name]?.(new Renders({ client }), 2_500) ?? Promise.resolve());
    expect(error).toMatchObject({ code: 'EngineUnavailable', key: 'key', isLimited: true });
    expect(error).toHaveProperty(
      'message',
      expect.stringMatching(/limits the rate of calls.*rate limit exceeded/),
    );
    expect(calls()).toBeGreaterThan(1);
    expect(Date.now() - beganMs).toBeLessThan(7_000);
  });

  test('is asked again, after a pause, until it takes the call', async () => {
    let refusals = 1;
    const { client, calls } = await openEngine(() => (refusals-- > 0 ? LIMIT : { code: 0, message: '' }));
    const namespace = await askEngine(client, undefined, () => client.workflowService.describeNamespace({}));
    expect(namespace).toBeDefined();
    expect(calls()).toBe(2);
  });
});

describe('an engine that hangs', () => {
  test.each(['status', 'story', 'cancel', 'resolve'])(
    'ends %s within a second of its deadline',
    async (name) => {
      const { client } = await openEngine(() => undefined);
      const beganMs = Date.now();
      const error = await caught(CALLS[name]?.(new Renders({ client }), 300) ?? Promise.resolve());
      expect(error).toHaveProperty('code', 'EngineUnavailable');
      expect(error).toHaveProperty('message', 'the engine did not answer in time');
      expect(Date.now() - beganMs).toBeLessThan(1_300);
    },
  );

  test('ends status, cancel, resolve and list at once when their signal is aborted', async () => {
    const { client } = await openEngine(() => undefined);
    const renders = new Renders({ client });
    const controller = new AbortController();
    const { signal } = controller;
    const calls = [
      renders.status('key', { signal }),
      renders.story('key', { signal }),
      renders.cancel('key', { signal }),
      renders.resolve('key', 'abandon', { by: 'anna', why: 'a test', signal }),
      renders.list({ signal })[Symbol.asyncIterator]().next(),
    ].map(caught);
    setTimeout(() => controller.abort(new Error('enough')), 200);
    const beganMs = Date.now();
    for (const call of calls) expect(await call).toHaveProperty('message', 'enough');
    expect(Date.now() - beganMs).toBeLessThan(1_200);
  });

  test('ends a page of a list at its deadline', async () => {
    const { client } = await openEngine(() => undefined);
    const listed = new Renders({ client }).list({ deadlineMs: 200 })[Symbol.asyncIterator]().next();
    expect(await caught(listed)).toMatchObject({ code: 'EngineUnavailable' });
  });
});
