import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { Renders } from '../../src/starter.js';
import { startLargeVideos } from './large-videos.js';
import { startCommand } from './processes.js';
import { CREDENTIALS } from './s3-server.js';
import { CARD, freshKey, openStage } from './stage.js';
import type { EngineKind } from './stage-engine.js';
import { taken } from './taken.js';

/** What a copy of one video took. */
interface KeepMemory {
  readonly seconds: number;
  /** Resident memory of the idle worker before, and the most that it had. */
  readonly beforeMb: number;
  readonly mostMb: number;
}

const MB = 2 ** 20;

/** Copies a video of this size into a store that throws it away, by a real worker, and measures the worker's memory. */
export async function measureKeepMemory(
  sizeBytes: number,
  engine: EngineKind = 'shared',
): Promise<KeepMemory> {
  const stage = await openStage({ engine, provider: { renderSeconds: 0 } });
  const sink = await startSink();
  const provider = await startLargeVideos(stage.fake.url, sizeBytes, (response) => {
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': sizeBytes });
    Readable.from(videoOf(sizeBytes)).pipe(response);
  });
  const taskQueue = freshKey('memory');
  const worker = await startCommand(['worker'], {
    ...stage.env,
    ...CREDENTIALS,
    RENDERONCE_TASK_QUEUE: taskQueue,
    JSON2VIDEO_URL: provider.url,
    RENDERONCE_KEEP: 's3://videos/renders',
    RENDERONCE_S3_ENDPOINT: sink.url,
    RENDERONCE_S3_PATH_STYLE: 'on',
  });
  try {
    const beforeMb = (await memoryOf(worker.pid)).now;
    const startedMs = performance.now();
    const renders = new Renders({ client: stage.client, taskQueue });
    const key = freshKey('memory');
    await renders.submitOnce(key, CARD);
    await renders.kept(key);
    const seconds = (performance.now() - startedMs) / 1_000;
    return { seconds, beforeMb, mostMb: (await memoryOf(worker.pid)).most };
  } finally {
    worker.kill('SIGKILL');
    await worker.exit;
    await Promise.all([provider.close(), sink.close()]);
    await stage.close();
  }
}

/** Resident memory of a process in MB, now and at most, as Linux counts it. */
async function memoryOf(pid: number): Promise<{ readonly now: number; readonly most: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const read = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1_024;
  return { now: read('VmRSS'), most: read('VmHWM') };
}

/** The bytes of a video of any size, 64 KB of them in memory. */
function* videoOf(sizeBytes: number): Generator<Buffer> {
  const head = Buffer.alloc(40);
  head.writeUInt32BE(16, 0);
  head.write('ftypisom', 4, 'latin1');
  head.writeUInt32BE(8, 16);
  head.write('moov', 20, 'latin1');
  head.writeUInt32BE(1, 24);
  head.write('mdat', 28, 'latin1');
  head.writeBigUInt64BE(BigInt(sizeBytes - 24), 32);
  yield head;
  const block = randomBytes(65_536);
  for (let rest = sizeBytes - head.length; rest > 0; rest -= block.length) yield block.subarray(0, rest);
}

/** A store that answers as S3 does and throws the bytes of videos away. */
async function startSink(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const sizes = new Map<string, number>();
  const parts = new Map<string, number>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://sink');
    let bytes = 0;
    for await (const chunk of request) bytes += Buffer.from(chunk).length;
    const xml = (name: string, more: string): void =>
      void response
        .writeHead(200, { 'content-type': 'application/xml' })
        .end(`<${name}><Bucket>videos</Bucket><Key>k</Key>${more}</${name}>`);
    if (request.method === 'HEAD') {
      const size = sizes.get(pathname);
      response
        .writeHead(size === undefined ? 404 : 200, size === undefined ? {} : { 'content-length': size })
        .end();
    } else if (searchParams.has('uploads')) {
      xml('InitiateMultipartUploadResult', '<UploadId>upload</UploadId>');
    } else if (request.method === 'POST') {
      sizes.set(pathname, parts.get(pathname) ?? 0);
      xml('CompleteMultipartUploadResult', '<ETag>"whole"</ETag>');
    } else {
      const isPart = searchParams.has('partNumber');
      if (isPart) parts.set(pathname, (parts.get(pathname) ?? 0) + bytes);
      else sizes.set(pathname, bytes);
      response.writeHead(200, { etag: '"part"' }).end();
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: taken('a store that throws away', async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }),
  };
}

/** The most memory that a copy may take, whatever the size of the video. */
export const MOST_MORE_MB = 150;
export const GB = 1_024 * MB;
