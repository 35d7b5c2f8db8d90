import { Readable } from 'node:stream';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { probeStore } from '../../src/keep/probe-store.js';
import { keep, VIDEO_PATH } from '../support/keeping.js';
import { sha256 } from '../support/made-video.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { whole } from '../support/video-server.js';
import { LARGE, OBJECTS, openS3Stages, SERVERS, SMALL } from './s3-stage.js';

expectNoProcessLeft();

describe.each(SERVERS)('on %s', (_name, start) => {
  const stage = openS3Stages(start);

  test('a large video is kept in parts, whole, with its manifest', async () => {
    const kept = await keep(stage.store, stage.server, { sizeBytes: LARGE.length });
    expect(kept).toMatchObject({
      project: 'PROJECT1',
      store: `s3://${stage.bucket}/renders/${VIDEO_PATH}`,
      sha256: sha256(LARGE),
      sizeBytes: LARGE.length,
    });
    expect(await stage.s3.keysOf(stage.bucket)).toEqual(OBJECTS);
    const chunks = [];
    for await (const chunk of await stage.store.read(VIDEO_PATH)) chunks.push(chunk);
    expect(sha256(Buffer.concat(chunks))).toBe(kept.sha256);
    expect(stage.proxy.requests.filter(({ what }) => what.startsWith('PUT part'))).toHaveLength(3);
  });

  test('a small video is kept by one request', async () => {
    stage.server.answerWith(whole(SMALL));
    expect(await keep(stage.store, stage.server)).toMatchObject({
      sha256: sha256(SMALL),
      sizeBytes: SMALL.length,
    });
    expect(stage.proxy.requests.filter(({ what }) => what.startsWith('PUT part'))).toEqual([]);
  });

  test('a video that is kept already is not downloaded again, and the answer stays the same', async () => {
    const first = await keep(stage.store, stage.server, { sizeBytes: LARGE.length });
    expect(await keep(stage.store, stage.server, { sizeBytes: LARGE.length })).toEqual(first);
    expect(stage.server.requests()).toBe(1);
  });

  test.each([
    ['small', SMALL],
    ['large', LARGE],
  ])(
    'the server refuses to write a %s object twice, also if both writers began before',
    async (_size, file) => {
      const about = { contentType: 'video/mp4', sizeBytes: file.length };
      let finish: () => void = () => undefined;
      const first = new Promise<void>((resolve) => (finish = resolve));
      const slow = stage.store.create(
        'a/b.mp4',
        (async function* () {
          yield file.subarray(0, -1);
          await first;
          yield file.subarray(-1);
        })(),
        about,
      );
      const fast = stage.store.create('a/b.mp4', Readable.from([file]), about);
      expect(await fast).toBe(true);
      finish();
      expect(await slow).toBe(false);
      expect(await stage.uploadsLeft()).toBe(0);
    },
  );

  test('an object of another size is never replaced, and the error names both sizes', async () => {
    await stage.s3.client.send(new PutObjectCommand({ Bucket: stage.bucket, Key: OBJECTS[1], Body: SMALL }));
    await expect(keep(stage.store, stage.server, { sizeBytes: LARGE.length })).rejects.toThrow(
      `has ${SMALL.length} bytes, and the provider's file has ${LARGE.length}`,
    );
    await expect(keep(stage.store, stage.server)).rejects.toThrow(`has ${SMALL.length} bytes`);
    expect(await stage.store.sizeOf(VIDEO_PATH)).toBe(SMALL.length);
    expect(await stage.s3.keysOf(stage.bucket)).toEqual([OBJECTS[1]]);
  });

  test('an object of the right size without a manifest gets one, with its own digest', async () => {
    await stage.s3.client.send(new PutObjectCommand({ Bucket: stage.bucket, Key: OBJECTS[1], Body: LARGE }));
    const kept = await keep(stage.store, stage.server, { sizeBytes: LARGE.length });
    expect(kept.sha256).toBe(sha256(LARGE));
    expect(await stage.s3.keysOf(stage.bucket)).toEqual(OBJECTS);
    expect(stage.server.requests()).toBe(0);
  });

  test('a probe finds that the store writes no object twice, and leaves none', async () => {
    expect(await probeStore(stage.store)).toEqual({ isCreateOnce: true });
    expect(await stage.s3.keysOf(stage.bucket)).toEqual([]);
  });

  test('a signed link serves the video without credentials, and a lasting link needs none', async () => {
    await keep(stage.store, stage.server);
    const link = await stage.store.signedUrl?.(VIDEO_PATH, 60);
    const reply = await fetch(String(link));
    expect(sha256(Buffer.from(await reply.arrayBuffer()))).toBe(sha256(LARGE));
    const withCdn = await stage.open({ publicUrl: 'https://cdn.example.com/' });
    const kept = await keep(withCdn, stage.server);
    expect(kept.url).toBe(`https://cdn.example.com/renders/${VIDEO_PATH}`);
    withCdn.close();
  });
});
