import { connect } from 'node:net';
import { reachFault } from '../text/reach-fault.js';

/** Longest wait for an answer; the caller has waited for the engine before. */
const ANSWER_MS = 2_000;

/** Beginning of every HTTP/2 connection, which gRPC uses: the preface and empty settings. */
const HTTP2_BEGIN = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

/** Type of the frame by which a server of HTTP/2 begins: its settings. */
const SETTINGS = 4;

/**
 * Tries an engine's address once, without gRPC, and describes why no engine answers there. Returns undefined if the attempt
 * cannot tell.
 */
export async function whyUnreachable(address: string, usesTls: boolean): Promise<string | undefined> {
  const [, host = '', port = ''] = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(address) ?? [];
  if (host === '' || address.includes('/')) return undefined;
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port === '' ? '7233' : port) });
    const answer = (text: string | undefined): void => {
      socket.destroy();
      resolve(text);
    };
    socket.setTimeout(ANSWER_MS, () => answer(socket.connecting ? 'no answer (timeout)' : SILENT));
    socket.once('error', (error) => answer(reachFault(error)));
    socket.once('close', () => answer(NO_GRPC));
    socket.once('connect', () => {
      if (usesTls) answer('a server listens there, but no connection with TLS and gRPC comes about');
      else socket.write(HTTP2_BEGIN);
    });
    socket.once('data', (bytes) => answer(bytes[3] === SETTINGS ? undefined : NO_GRPC));
  });
}

const SILENT =
  'a server listens there and says nothing: an engine that is stopped or has too much to do, or another service';

const NO_GRPC =
  "a server listens there that does not speak gRPC without TLS: is it the port of the engine's UI, or of another service?";
