import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { type Env, watched } from './processes.js';
import { installPackages } from './python-packages.js';
import { taken } from './taken.js';

/** A real S3 server, as a process of its own. */
export interface S3Server {
  readonly name: string;
  readonly endpoint: string;
  /** Makes a new bucket and returns its name. */
  makeBucket(): Promise<string>;
  /** The keys of all objects of a bucket. */
  keysOf(bucket: string): Promise<readonly string[]>;
  readonly client: S3Client;
  stop(): Promise<void>;
}

/** Credentials that every S3 server of the tests accepts. */
export const CREDENTIALS: Env = {
  AWS_ACCESS_KEY_ID: 'test-access',
  AWS_SECRET_ACCESS_KEY: 'test-secret-key',
  AWS_REGION: 'us-east-1',
};

const MOTO = `
import sys
from moto.server import main
main(['-H', '127.0.0.1', '-p', '0'])
`;

/** Starts PyPI's moto; returns a text that says why not if it cannot be installed. */
export async function startMoto(): Promise<S3Server | string> {
  const packages = await installPackages('moto', new URL('moto-requirements.txt', import.meta.url));
  if (typeof packages === 'string') return packages;
  const child = spawn('python3', ['-u', '-c', MOTO], {
    env: { ...packages.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  watched(child);
  const endpoint = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`moto ended with ${code}`)));
    createInterface({ input: child.stderr }).on('line', (line) => {
      const [, url] = /Running on (http:\S+)/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
  return s3Server('moto', endpoint, async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  });
}

let buckets = 0;

/** Returns a server whose process runs already. */
export function s3Server(name: string, endpoint: string, stopProcess: () => Promise<void>): S3Server {
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test-access', secretAccessKey: 'test-secret-key' },
  });
  return {
    name,
    endpoint,
    client,
    makeBucket: async () => {
      buckets += 1;
      const Bucket = `videos-${process.pid}-${buckets}`;
      await client.send(new CreateBucketCommand({ Bucket }));
      return Bucket;
    },
    keysOf: async (Bucket) => {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
      return Contents.map(({ Key = '' }) => Key).toSorted();
    },
    stop: taken(`an S3 server (${name})`, async () => {
      client.destroy();
      await stopProcess();
    }),
  };
}

/** What happens to a request on its way to the S3 server. */
export type S3Fault =
  | 'none'
  /** The connection breaks after the first bytes of the request's body. */
  | 'cut request'
  /** The server carries the request out, and the connection breaks before the reply. */
  | 'lose reply'
  /** The request never reaches the server, and nothing is answered. */
  | 'hold'
  /** The server carries the request out, and nothing is answered. */
  | 'hold reply'
  | { readonly status: number; readonly code: string };

/** One request of the store's client. */
export interface S3Request {
  readonly method: string;
  /** `PUT part 3`, `POST complete`, `PUT`, `HEAD`, … */
  readonly what: string;
  readonly path: string;
  /** Status with which the server answered. */
  status?: number;
}

/** A proxy in front of an S3 server, in which requests fail as a test wants it. */
export interface S3Proxy {
  readonly endpoint: string;
  readonly requests: readonly S3Request[];
  fail(rule: (request: S3Request, nth: number) => S3Fault): void;
  close(): Promise<void>;
}

export async function startS3Proxy(target: string): Promise<S3Proxy> {
  const requests: S3Request[] = [];
  const seen = new Map<string, number>();
  let rule: (request: S3Request, nth: number) => S3Fault = () => 'none';
  const server = createServer((incoming, response) => {
    const asked = requestOf(incoming);
    requests.push(asked);
    const name = `${asked.what} ${asked.path}`;
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    const fault = rule(asked, nth);
    if (fault === 'hold') return;
    if (fault === 'cut request') {
      incoming.once('data', () => incoming.socket.destroy()).once('end', () => incoming.socket.destroy());
      return;
    }
    if (typeof fault === 'object') {
      incoming.resume();
      const body = `<?xml version="1.0"?><Error><Code>${fault.code}</Code><Message>as the test wants</Message></Error>`;
      response.writeHead(fault.status, { 'content-type': 'application/xml' }).end(body);
      return;
    }
    const { method, url: path, headers } = incoming;
    const forwarded = httpRequest(new URL(path ?? '/', target), { method, headers }, (reply) => {
      asked.status = reply.statusCode ?? 0;
      if (fault === 'hold reply') return void reply.resume();
      if (fault === 'lose reply') {
        reply.resume().once('end', () => incoming.socket.destroy());
        return;
      }
      response.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(response);
    });
    forwarded.on('error', () => incoming.socket.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    fail: (next) => void (rule = next),
    close: taken('a proxy of S3', async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }),
  };
}

function requestOf({ method = '', url = '' }: IncomingMessage): S3Request {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const part = searchParams.get('partNumber');
  const step = part !== null ? ` part ${part}` : searchParams.has('uploads') ? ' begin' : '';
  const end = searchParams.has('uploadId') && part === null ? ' complete' : '';
  return { method, what: `${method}${step}${end}`, path: pathname };
}
