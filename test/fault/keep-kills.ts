import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { Renders } from '../../src/starter.js';
import { LARGE, MB } from '../keep/s3-stage.js';
import type { KeepPoint } from './keep-points.js';
import { type LargeVideos, startLargeVideos } from '../support/large-videos.js';
import { sha256 } from '../support/made-video.js';
import { type Env, startCommand } from '../support/processes.js';
import { CREDENTIALS, type S3Request, type S3Server, startMoto, startS3Proxy } from '../support/s3-server.js';
import { deferred } from '../unit/raw-server.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import type { EngineKind } from '../support/stage-engine.js';

/** How points are played. */
interface KeepKills {
  readonly points: readonly KeepPoint[];
  /** Keys whose copies stand at a point when their worker is killed; 1 by default, 2 at most: a worker makes no more at once. */
  readonly keysOfEach?: 1 | 2;
  readonly say: (line: string) => void;
  readonly engine?: EngineKind;
  /** The compiled project of the workers, for planted bugs. */
  readonly dist?: string;
  /** The provider names no size, and its first answer is a truncated file that it announces so. */
  readonly isTruncatedFirst?: boolean;
}

/**
 * Kills a worker by SIGKILL at each point, and starts another one. Then every video must be kept, whole, and its object must
 * have been written once. Returns a line for each violation: its point, what it is about, and what was wrong; a text that says why
 * not if there is no S3 server.
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
  { say, dist, keysOfEach = 1, isTruncatedFirst = false }: KeepKills,
): Promise<readonly string[]> {
  const [proxy, bucket, folder] = await Promise.all([
    startS3Proxy(s3.endpoint),
    s3.makeBucket(),
    mkdtemp(join(tmpdir(), 'renderonce-kill-')),
  ]);
  const reached = deferred();
  let there = 0;
  const arrive = (): void => {
    there += 1;
    if (there === keysOfEach) reached.resolve();
  };
  const provider = await startLargeVideos(
    stage.fake.url,
    isTruncatedFirst ? null : LARGE.length,
    (response) => {
      const file = isTruncatedFirst ? LARGE.subarray(0, 19 * MB) : LARGE;
      response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': file.length });
      const { downloadedBytes } = point;
      if (downloadedBytes === undefined) return void response.end(file);
      response.write(file.subarray(0, downloadedBytes), () => setTimeout(arrive, 1_000));
    },
  );
  const seen = new Map<string, number>();
  proxy.fail(({ what, path }) => {
    const [wanted, fault, nth = 1] = point.request ?? [];
    if (what !== wanted || fault === undefined) return 'none';
    const count = (seen.get(videoOf(path)) ?? 0) + 1;
    seen.set(videoOf(path), count);
    if (count !== nth) return 'none';
    setTimeout(arrive, fault === 'hold' ? 0 : 500);
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
    const keys = Array.from({ length: keysOfEach }, () => freshKey('kept'));
    await Promise.all(keys.map((key) => renders.submitOnce(key, CARD)));
    await reached.promise;
    first.kill('SIGKILL');
    await first.exit;
    proxy.fail(() => 'none');
    wholeFrom(provider);
    const second = await startCommand(['worker'], env, { dist });
    try {
      const faults = [
        ...(await faultsOf(renders, keys, () => bytesIn(point.store, s3, bucket, folder))),
        ...writtenAgain(proxy.requests),
      ];
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

/** A video's objects: itself, its parts, and its manifest. */
const videoOf = (path: string): string => path.replace(/\.(mp4|json)\b.*$/, '');

function writtenAgain(requests: readonly S3Request[]): readonly string[] {
  const writes = requests
    .filter(({ what, status }) => status === 200 && (what === 'PUT' || what === 'POST complete'))
    .flatMap(({ path }) => (path.endsWith('.mp4') ? [path] : []));
  const times = (path: string): number => writes.filter((each) => each === path).length;
  return [...new Set(writes)]
    .filter((path) => times(path) > 1)
    .map((path) => `${path}: written ${times(path)} times`);
}

async function faultsOf(
  renders: Renders,
  keys: readonly string[],
  stored: () => Promise<readonly Buffer[]>,
): Promise<readonly string[]> {
  const lines = keys.map(async (key): Promise<string[]> => {
    try {
      const { sha256: digest } = await renders.kept(key, { signal: AbortSignal.timeout(PATIENCE_MS) });
      return digest === sha256(LARGE) ? [] : [`${key}: not whole: another digest`];
    } catch (error) {
      return [`${key}: not kept: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
  const wrong = (await Promise.all(lines)).flat();
  if (wrong.length > 0) return wrong;
  const files = await stored();
  const isWhole = files.length === keys.length && files.every((file) => sha256(file) === sha256(LARGE));
  return isWhole ? [] : [`files: not whole: ${files.map(({ length }) => length).join(', ')} bytes`];
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
