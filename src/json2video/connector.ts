import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { messageOf } from '../text/text.js';
import type { Proxy } from './proxy.js';

type Connector = ReturnType<typeof buildConnector>;

/**
 * Creates a connector that opens a connection to the provider, through a tunnel (CONNECT) if there is a proxy. It hands
 * over the socket after the last handshake, that with the provider inside the tunnel; nothing of a request has left then.
 */
export function connectorThrough(proxy: Proxy | undefined, timeoutMs: number): Connector {
  const connect = buildConnector({ timeout: timeoutMs });
  if (proxy === undefined) return connect;
  return (options, callback) => {
    const startedMs = performance.now();
    openTunnel(proxy, targetOf(options), timeoutMs).then(
      (socket) => {
        if (options.protocol !== 'https:') return callback(null, socket);
        const restMs = Math.max(1, timeoutMs - (performance.now() - startedMs));
        return buildConnector({ timeout: restMs })({ ...options, httpSocket: socket }, (error, secure) => {
          if (!error) return callback(null, secure);
          socket.destroy();
          return callback(new Error(`through ${nameOf(proxy)}: ${messageOf(error)}`, { cause: error }), null);
        });
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(messageOf(error)), null),
    );
  };
}

function targetOf({ hostname, port, protocol }: Parameters<Connector>[0]): string {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  return `${host}:${port || (protocol === 'https:' ? 443 : 80)}`;
}

/** Names a proxy without its password. */
export function nameOf({ url, variable }: Proxy): string {
  return `the proxy ${url.protocol}//${url.host} (${variable})`;
}

/** Opens a tunnel. Only the target's name travels before it stands. */
function openTunnel(proxy: Proxy, target: string, timeoutMs: number): Promise<Socket> {
  const { url, authorization } = proxy;
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port || (url.protocol === 'https:' ? 443 : 80),
    method: 'CONNECT',
    path: target,
    agent: false,
    headers: {
      host: target,
      ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }),
    },
  });
  return new Promise((resolve, reject) => {
    const fail = (message: string, cause?: unknown): void => {
      clearTimeout(timer);
      request.destroy();
      reject(new Error(`${nameOf(proxy)} ${message}`, { cause }));
    };
    const timer = setTimeout(() => fail(`opens no tunnel to ${target} in ${timeoutMs} ms`), timeoutMs);
    request.on('error', (error) => fail(`opens no tunnel to ${target}: ${messageOf(error)}`, error));
    const refuse = (status: number | undefined, words = ''): void =>
      fail(`refuses a tunnel to ${target}: HTTP ${status} ${words}`.trimEnd());
    request.on('response', ({ statusCode, statusMessage }) => refuse(statusCode, statusMessage));
    request.on('connect', ({ statusCode = 0, statusMessage }, socket: Socket, head: Buffer) => {
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        return refuse(statusCode, statusMessage);
      }
      clearTimeout(timer);
      if (head.length > 0) socket.unshift(head);
      return resolve(socket);
    });
    request.end();
  });
}
