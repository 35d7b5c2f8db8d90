import { describe, expect, test } from 'vitest';

import type { FakeJson2Video } from '../../src/index.js';
import { call, movieOf, releaseFakes, startFake, status, submit } from './support.js';

releaseFakes();

async function finished(fake: FakeJson2Video): Promise<{ path: string; movie: Record<string, unknown> }> {
  const project = await submit(fake, movieOf('a', 2.5, { resolution: 'squared' }));
  fake.advance(60);
  const movie = await status(fake, project);
  return { path: String(movie['url']).slice(fake.url.length), movie };
}

/** The body of the box of this type, wherever it is nested. The last mention: brands are named in front. */
function boxOf(file: Buffer, type: string): Buffer {
  const at = file.lastIndexOf(type, undefined, 'latin1');
  return file.subarray(at + 4, at - 4 + file.readUInt32BE(at - 4));
}

describe('the rendered file', () => {
  test('it is an MP4 as long, as wide and as large as the status says, and needs no key', async () => {
    const fake = await startFake();
    const { path, movie } = await finished(fake);
    const { code, headers, bytes } = await call(fake, path, { apiKey: null });
    expect(code).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': String(movie['size']),
      'accept-ranges': 'bytes',
    });
    expect(bytes).toHaveLength(Number(movie['size']));
    expect(bytes.subarray(4, 8).toString()).toBe('ftyp');
    expect(boxOf(bytes, 'mvhd').readUInt32BE(16)).toBe(2_500);
    expect(boxOf(bytes, 'avc1').readUInt16BE(24)).toBe(1080);
    expect(boxOf(bytes, 'avc1').readUInt16BE(26)).toBe(1080);
    expect(boxOf(bytes, 'stsz').readUInt32BE(8)).toBe(3);
    expect(boxOf(bytes, 'stco').readUInt32BE(8)).toBe(bytes.indexOf('mdat', 0, 'latin1') + 4);
  });

  test('HEAD answers the length without the file', async () => {
    const fake = await startFake();
    const { path, movie } = await finished(fake);
    const answer = await call(fake, path, { method: 'HEAD' });
    expect([answer.code, answer.headers['content-length'], answer.bytes.length]).toEqual([
      200,
      String(movie['size']),
      0,
    ]);
  });

  test.each([
    ['bytes=0-99', 206, 0, 100],
    ['bytes=100-', 206, 100, undefined],
    ['bytes=-50', 206, -50, undefined],
    ['lines=1-2', 200, 0, undefined],
  ])('the range %s is served', async (range, code, from, to) => {
    const fake = await startFake();
    const { path } = await finished(fake);
    const whole = (await call(fake, path)).bytes;
    const part = await call(fake, path, { headers: { range } });
    expect(part.code).toBe(code);
    expect(part.bytes.equals(whole.subarray(from, to))).toBe(true);
  });

  test('a range beyond the end is 416', async () => {
    const fake = await startFake();
    const { path, movie } = await finished(fake);
    const answer = await call(fake, path, { headers: { range: 'bytes=9999999-' } });
    expect([answer.code, answer.headers['content-range']]).toEqual([416, `bytes */${String(movie['size'])}`]);
  });

  test('there is no file before the end, after seven days, and under another name', async () => {
    const fake = await startFake();
    const { path } = await finished(fake);
    expect((await call(fake, path.replace('.mp4', '.ass'))).code).toBe(200);
    expect((await call(fake, path.replace('.mp4', '.mov'))).code).toBe(404);
    expect((await call(fake, '/clients/a/renders/2026-11-15-0000000000000000.mp4')).code).toBe(404);
    fake.advance(7 * 24 * 3600 + 60);
    expect((await call(fake, path)).code).toBe(404);
  });
});
