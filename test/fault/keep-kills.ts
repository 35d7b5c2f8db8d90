import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { Renders } from '../../src/starter.js';
import { LARGE, MB } from '../keep/s3-stage.js';
import { type LargeVideos, startLargeVideos } from '../support/large-videos.js';
import { sha256 } from '../support/made-video.js';
import { type Env, startCommand } from '../support/processes.js';
import { CREDENTIALS, type S3Fault, type S3Server, startMoto, startS3Proxy } from '../support/s3-server.js';
import { deferred } from '../unit/raw-server.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import type { EngineKind } from '../support/stage-engine.js';

/** A point at which a worker that keeps a video is killed. */
export interface KeepPoint {
  readonly name: string;
  readonly store: 's3' | 'folder';
  /** The request to the store, the first or a later one, and what happens to it. */
  readonly request?: readonly [what: string, fault: S3Fault, nth?: number | undefined];
  /** The download stops after so many bytes. */
  readonly downloadedBytes?: number;
}

const both = (what: string, nth?: number): readonly KeepPoint[] => [
  { name: `before ${what} reaches the store`, store: 's3', request: [what, 'hold', nth] },
  { name: `after the store has done ${what}`, store: 's3', request: [what, 'hold reply', nth] },
];

/** Every step of keeping. */
export const KEEP_POINTS: readonly KeepPoint[] = [
  ...both('HEAD'),
  { name: 'in the middle of the download', store: 's3', downloadedBytes: 12 * MB },
  ...both('POST begin'),
  ...both('PUT part 1'),
  ...both('PUT part 3'),
  ...both('POST complete'),
  { name: 'before the size is checked', store: 's3', request: ['HEAD', 'hold', 2] },
  ...both('PUT'),
  { name: 'in the middle of the download', store: 'folder', downloadedBytes: 12 * MB },
];

/** How points are played. */
interface KeepKills {
  readonly points: readonly KeepPoint[];
  readonly say: (line: string) => void;
  readonly engine?: EngineKind;
  /** The compiled project of the workers, for planted bugs. */
  readonly dist?: string;
  /** The provider names no size, and its first answer is a truncated file that it announces so. */
  readonly isTruncatedFirst?: boolean;
}

/**
 * Kills a worker by SIGKILL at each point, and starts another one. Then every video must be kept, whole, and its object must
 * have been written once. Returns a line for each violation; a text that says why not if there is no S3 server.
 */
export async function playKeepKills(kills: KeepKills): Promise<readonly string[] | string> {
  const s3 = await startMoto();
  if (typeof s3 === 'string') return s3;
  const { engine = 'shared' } = kills;
  const stage = await openStage({ engine, provider: { renderSeconds: 0 } });
  try {
    const lines = await Promise.all(kills.points.map((point) => playPoint(stage, s3, point, kills)));
    return lines.flat();
  } finally {
    await stage.close();
    await s3.stop();
  }
}

/** The copy waits for the heartbeat timeout of the killed worker, 60 s. */
const PATIENCE_MS = 240_000;

async function playPoint(
  stage: Stage,
  s3: S3Server,
  point: KeepPoint,
  { say, dist, isTruncatedFirst = false }: KeepKills,
): Promise<readonly string[]> {
  const [proxy, bucket, folder] = await Promise.all([
    startS3Proxy(s3.endpoint),
    s3.makeBucket(),
    mkdtemp(join(tmpdir(), 'renderonce-kill-')),
  ]);
  const reached = deferred();
  const provider = await startLargeVideos(
    stage.fake.url,
    isTruncatedFirst ? null : LARGE.length,
    (response) => {
      const file = isTruncatedFirst ? LARGE.subarray(0, 19 * MB) : LARGE;
      response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': file.length });
      const { downloadedBytes } = point;
      if (downloadedBytes === undefined) return void response.end(file);
      response.write(file.subarray(0, downloadedBytes), () => setTimeout(reached.resolve, 1_000));
    },
  );
  let seen = 0;
  proxy.fail(({ what }) => {
    const [wanted, fault, nth = 1] = point.request ?? [];
    if (what !== wanted || fault === undefined) return 'none';
    seen += 1;
    if (seen !== nth) return 'none';
    setTimeout(reached.resolve, fault === 'hold' ? 0 : 500);
    return fault;
  });
  const taskQueue = freshKey('kill');
  const keep = point.store === 's3' ? `s3://${bucket}/renders` : pathToFileURL(folder).href;
  const env: Env = {
    ...stage.env,
    ...CREDENTIALS,
    RENDERONCE_TASK_QUEUE: taskQueue,
    JSON2VIDEO_URL: provider.url,
    RENDERONCE_KEEP: keep,
    RENDERONCE_S3_ENDPOINT: proxy.endpoint,
    RENDERONCE_S3_PATH_STYLE: 'on',
  };
  const renders = new Renders({ client: stage.client, taskQueue });
  const first = await startCommand(['worker'], env, { dist });
  try {
    const key = freshKey('kept');
    await renders.submitOnce(key, CARD);
    await reached.promise;
    first.kill('SIGKILL');
    await first.exit;
    proxy.fail(() => 'none');
    wholeFrom(provider);
    const second = await startCommand(['worker'], env, { dist });
    try {
      const faults = await faultsOf(renders, key, () => bytesIn(point.store, s3, bucket, folder));
      const writes = proxy.requests.filter(
        ({ what, path, status }) =>
          status === 200 && path.endsWith('.mp4') && (what === 'PUT' || what === 'POST complete'),
      );
      if (writes.length > 1) faults.push(`written ${writes.length} times`);
      say(`${faults.length === 0 ? 'ok  ' : 'FAIL'} ${point.store}, killed ${point.name}`);
      return faults.map((fault) => `${point.store}, killed ${point.name}: ${fault}`);
    } finally {
      second.kill('SIGKILL');
      await second.exit;
    }
  } finally {
    first.kill('SIGKILL');
    await Promise.all([proxy.close(), provider.close(), rm(folder, { recursive: true, force: true })]);
  }
}

function wholeFrom(provider: LargeVideos): void {
  provider.answerWith((response) =>
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': LARGE.length }).end(LARGE),
  );
}

async function faultsOf(
  renders: Renders,
  key: string,
  stored: () => Promise<readonly Buffer[]>,
): Promise<string[]> {
  try {
    const kept = await renders.kept(key, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const files = await stored();
    const digests = files.map(sha256);
    const isWhole = kept.sha256 === sha256(LARGE) && digests.length === 1 && digests[0] === kept.sha256;
    return isWhole ? [] : [`not whole: ${files.map(({ length }) => length).join(', ')} bytes`];
  } catch (error) {
    return [`not kept: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** The bytes of all videos in the store. */
async function bytesIn(
  store: KeepPoint['store'],
  s3: S3Server,
  bucket: string,
  folder: string,
): Promise<readonly Buffer[]> {
  if (store === 'folder') {
    const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(mp4|part)$/.test(name));
    return Promise.all(names.map((name) => readFile(join(folder, name))));
  }
  const keys = (await s3.keysOf(bucket)).filter((name) => name.endsWith('.mp4'));
  return Promise.all(
    keys.map(async (Key) => {
      const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    }),
  );
}
