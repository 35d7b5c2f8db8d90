import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { openVideoStore } from '../../src/keep/open-store.js';
import type { VideoStore } from '../../src/keep/video-store.js';
import { VIDEO_PATH } from '../support/keeping.js';
import { madeVideo } from '../support/made-video.js';
import { CREDENTIALS, type S3Proxy, type S3Server, startMoto, startS3Proxy } from '../support/s3-server.js';
import { startVideoServer, type VideoServer, whole } from '../support/video-server.js';
import { startVersityGateway } from './versity-gateway.js';

export const MB = 2 ** 20;
/** Three parts of 8 MB, the last one short. */
export const LARGE = madeVideo(20 * MB);
export const SMALL = madeVideo(300_000);

/** The keys of a kept video and of its manifest. */
export const OBJECTS = [`renders/${VIDEO_PATH.replace('.mp4', '.json')}`, `renders/${VIDEO_PATH}`];

/** The S3 servers on which each test runs. */
export const SERVERS = [
  ['moto', startMoto],
  ['versitygw', startVersityGateway],
] as const;

/** What one test has: a new bucket behind a proxy, a store in it, and a file server with a large video. */
export interface S3Stage {
  s3: S3Server;
  proxy: S3Proxy;
  server: VideoServer;
  bucket: string;
  store: VideoStore;
  /** Opens another store in the bucket. */
  open(more?: object): Promise<VideoStore>;
  /** Uploads that were begun and never ended; their parts cost money. */
  uploadsLeft(): Promise<number>;
}

/** Gives every test of a group a stage on one S3 server. Without the server the tests are skipped, except with `CI` set. */
export function openS3Stages(start: () => Promise<S3Server | string>): S3Stage {
  let why: string | undefined;
  const stage = {
    open: (more = {}) =>
      openVideoStore({
        keep: `s3://${stage.bucket}/renders`,
        s3Endpoint: stage.proxy.endpoint,
        s3PathStyle: true,
        ...more,
      }),
    uploadsLeft: async () => {
      const { Uploads = [] } = await stage.s3.client.send(
        new ListMultipartUploadsCommand({ Bucket: stage.bucket }),
      );
      return Uploads.length;
    },
  } as S3Stage;
  const before = { ...process.env };
  beforeAll(async () => {
    Object.assign(process.env, CREDENTIALS, { NO_PROXY: '*' });
    const started = await start();
    if (typeof started === 'string') why = started;
    else stage.s3 = started;
  }, 600_000);
  afterAll(async () => {
    await stage.s3?.stop();
    for (const name of [...Object.keys(CREDENTIALS), 'NO_PROXY']) delete process.env[name];
    Object.assign(process.env, before);
  });
  beforeEach(async (context) => {
    if (why !== undefined) {
      if (process.env['CI'] !== undefined) throw new Error(why);
      return context.skip(why);
    }
    [stage.proxy, stage.server, stage.bucket] = await Promise.all([
      startS3Proxy(stage.s3.endpoint),
      startVideoServer(whole(LARGE)),
      stage.s3.makeBucket(),
    ]);
    stage.store = await stage.open();
  });
  afterEach(async () => {
    stage.store?.close();
    await Promise.all([stage.proxy?.close(), stage.server?.close()]);
  });
  return stage;
}
