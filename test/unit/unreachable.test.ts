import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createJson2Video } from '../../src/json2video/client.js';
import { connectClient } from '../../src/temporal/connect.js';
import { whyUnreachable } from '../../src/temporal/why-unreachable.js';

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('an engine that is away says which: a name without address, a closed port, another service, a silent one, one that wants TLS', async () => {
  const ui = await portOf(createServer((_request, response) => response.end('<html>')));
  const silent = await portOf(createTcpServer((socket) => socket.resume()));
  const engine = await portOf(createHttp2Server());

  expect(await whyUnreachable('nowhere.invalid:7233', false)).toMatch(
    /^the name nowhere\.invalid has no address in DNS \((ENOTFOUND|EAI_AGAIN)\)$/,
  );
  expect(await whyUnreachable('127.0.0.1:1', false)).toBe('nothing listens at 127.0.0.1:1 (ECONNREFUSED)');
  expect(await whyUnreachable('[::1]:1', false)).toMatch(/nothing listens at ::1:1|no way leads/);
  expect(await whyUnreachable(`127.0.0.1:${ui}`, false)).toContain('does not speak gRPC without TLS');
  expect(await whyUnreachable(`127.0.0.1:${silent}`, false)).toContain(
    'says nothing: an engine that is stopped',
  );
  expect(await whyUnreachable(`127.0.0.1:${ui}`, true)).toContain('no connection with TLS and gRPC');
  // A server that speaks HTTP/2 may be an engine; the reason is another one.
  expect(await whyUnreachable(`127.0.0.1:${engine}`, false)).toBeUndefined();
});

test('the error of a first connection has the reason', async () => {
  const away = connectClient({ connectionOptions: { address: '127.0.0.1:1' }, namespace: 'default' });
  await expect(away).rejects.toThrow('no engine answers at 127.0.0.1:1: nothing listens at 127.0.0.1:1');
}, 20_000);

test('a provider that is away says which: a name without address, a closed port, https where http is spoken', async () => {
  const http = await portOf(createServer((_request, response) => response.end('{}')));
  const h2 = await portOf(createHttp2Server());
  const said = async (url: string): Promise<string> => {
    const json2video = createJson2Video({ url, apiKey: 'key', now: Date.now, env: {} });
    const { message } = await json2video.probe();
    await json2video.close();
    return message;
  };
  expect(await said('http://nowhere.invalid')).toMatch(/^the name nowhere\.invalid has no address in DNS/);
  expect(await said('http://127.0.0.1:1')).toBe('nothing listens at 127.0.0.1:1 (ECONNREFUSED)');
  expect(await said(`https://127.0.0.1:${http}`)).toMatch(/another protocol than https: is it http\?/);
  expect(await said(`http://127.0.0.1:${h2}`)).toMatch(/another protocol than http /);
});
