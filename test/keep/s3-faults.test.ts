import { describe, expect, test } from 'vitest';
import { keep } from '../support/keeping.js';
import { sha256 } from '../support/made-video.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { cutAfter, says, whole } from '../support/video-server.js';
import { LARGE, MB, OBJECTS, openS3Stages, SERVERS, SMALL } from './s3-stage.js';

expectNoProcessLeft();

describe.each(SERVERS)('on %s', (_name, start) => {
  const stage = openS3Stages(start);

  test.each(['PUT part 1', 'PUT part 2', 'PUT part 3', 'POST begin', 'POST complete'])(
    'a connection that is cut once in %s costs one more request, and the object is whole',
    async (step) => {
      stage.proxy.fail(({ what }, nth) => (what === step && nth === 1 ? 'cut request' : 'none'));
      expect((await keep(stage.store, stage.server)).sha256).toBe(sha256(LARGE));
      expect(stage.server.requests()).toBe(1);
    },
  );

  test.each(['PUT part 1', 'PUT part 2', 'PUT part 3', 'POST complete'])(
    'a store that answers 503 for ever to %s holds no object and no part; the next attempt keeps the video',
    async (step) => {
      stage.proxy.fail(({ what }) => (what === step ? { status: 503, code: 'SlowDown' } : 'none'));
      await expect(keep(stage.store, stage.server)).rejects.toThrow('503');
      expect(await stage.s3.keysOf(stage.bucket)).toEqual([]);
      expect(await stage.uploadsLeft()).toBe(0);
      stage.proxy.fail(() => 'none');
      expect((await keep(stage.store, stage.server)).sha256).toBe(sha256(LARGE));
    },
  );

  test('a storm of 503 in which every request fails three times is bridged by one attempt', async () => {
    stage.proxy.fail((_request, nth) => (nth <= 3 ? { status: 503, code: 'SlowDown' } : 'none'));
    expect((await keep(stage.store, stage.server)).sha256).toBe(sha256(LARGE));
    expect(stage.server.requests()).toBe(1);
  });

  test.each([
    ['PUT', SMALL],
    ['POST complete', LARGE],
  ] as const)('a lost reply to %s is no second object: the copy that is there counts', async (step, file) => {
    stage.server.answerWith(whole(file));
    stage.proxy.fail(({ what, path }, nth) =>
      what === step && path.endsWith('.mp4') && nth === 1 ? 'lose reply' : 'none',
    );
    const kept = await keep(stage.store, stage.server).catch(() => keep(stage.store, stage.server));
    expect(kept).toMatchObject({ sha256: sha256(file), sizeBytes: file.length });
    expect(await stage.s3.keysOf(stage.bucket)).toEqual(OBJECTS);
    expect(await stage.uploadsLeft()).toBe(0);
  });

  test.each([
    ['is cut in part 1', cutAfter(LARGE, 3 * MB)],
    ['is cut in part 2', cutAfter(LARGE, 12 * MB)],
    ['is cut in part 3', cutAfter(LARGE, 18 * MB)],
    ['is truncated, and announced so', whole(LARGE.subarray(0, 19 * MB))],
    ['is truncated to one part', whole(LARGE.subarray(0, 5 * MB))],
    ['is a page of HTML', says(200, '<html>Please wait</html>', { 'content-type': 'text/html' })],
    [
      'is a page of HTML that calls itself a video',
      says(200, '<html>'.repeat(99), { 'content-type': 'video/mp4' }),
    ],
    ['fails with 500', says(500, 'oops')],
  ])(
    'a file that %s leaves nothing in the store; the next attempt keeps the video',
    async (_what, answer) => {
      stage.server.answerWith(answer);
      await expect(keep(stage.store, stage.server)).rejects.toThrow(
        /file|terminated|other side closed|HTTP 500|page/,
      );
      expect(await stage.s3.keysOf(stage.bucket)).toEqual([]);
      expect(await stage.uploadsLeft()).toBe(0);
      stage.server.answerWith(whole(LARGE));
      expect((await keep(stage.store, stage.server)).sha256).toBe(sha256(LARGE));
    },
  );

  test('a file of another size than the provider named is not kept', async () => {
    await expect(keep(stage.store, stage.server, { sizeBytes: LARGE.length + 1 })).rejects.toThrow(
      `the provider named ${LARGE.length + 1} bytes for project PROJECT1, and its file server announces ${LARGE.length}`,
    );
    expect(await stage.s3.keysOf(stage.bucket)).toEqual([]);
  });

  test('credentials that expire half way fail the attempt with words; the next one has new credentials', async () => {
    stage.proxy.fail(({ what }) => (what === 'PUT part 2' ? { status: 400, code: 'ExpiredToken' } : 'none'));
    await expect(keep(stage.store, stage.server)).rejects.toThrow('the store answers 400: ExpiredToken');
    expect(await stage.s3.keysOf(stage.bucket)).toEqual([]);
    expect(await stage.uploadsLeft()).toBe(0);
    stage.proxy.fail(() => 'none');
    expect((await keep(stage.store, stage.server)).sha256).toBe(sha256(LARGE));
  });

  test('a cancelled attempt leaves nothing', async () => {
    const cancel = new AbortController();
    const onBytes = (bytes: number): void => void (bytes > 12 * MB && cancel.abort());
    await expect(keep(stage.store, stage.server, { signal: cancel.signal, onBytes })).rejects.toThrow(
      'abort',
    );
    await expect.poll(() => stage.uploadsLeft()).toBe(0);
    expect(await stage.s3.keysOf(stage.bucket)).toEqual([]);
  });
});
