import { array, assert, integer, property } from 'fast-check';
import { startFakeJson2Video } from 'json2video-local';
import { describe, expect, test } from 'vitest';
import { Mp4Boxes, NotAVideo } from '../../src/keep/mp4-boxes.js';
import { madeVideo } from '../support/made-video.js';

/** Reads a file in pieces of these sizes, and the rest at once. */
function read(file: Buffer, pieces: readonly number[] = []): void {
  const boxes = new Mp4Boxes();
  let at = 0;
  for (const size of [...pieces, file.length]) {
    boxes.push(file.subarray(at, at + size));
    at += size;
  }
  boxes.end();
}

function box(type: string, content = Buffer.alloc(0), size = 8 + content.length): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(size, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, content]);
}

function longBox(type: string, content: Buffer, size = 16 + content.length): Buffer {
  const long = Buffer.alloc(8);
  long.writeBigUInt64BE(BigInt(size));
  return Buffer.concat([box(type, long, 1), content]);
}

const FTYP = box('ftyp', Buffer.from('isom'));
const MOOV = box('moov', Buffer.alloc(20));
const join = (...parts: readonly Buffer[]): Buffer => Buffer.concat(parts);

describe('whole files', () => {
  const size64 = join(FTYP, longBox('mdat', Buffer.alloc(9)), MOOV);
  const openEnd = join(FTYP, MOOV, box('mdat', Buffer.alloc(9), 0));
  test.each([
    ['with the index before the pictures', madeVideo(1_000)],
    ['with a size of 64 bits', size64],
    ['whose last box goes on to the end', openEnd],
  ])('a file %s is whole', (_what, file) => {
    expect(() => read(file)).not.toThrow();
  });

  test('the pieces in which a file arrives do not matter', () => {
    assert(
      property(array(integer({ min: 0, max: 12 }), { maxLength: 40 }), (pieces) => {
        read(size64, pieces);
        expect(() => read(size64.subarray(0, -1), pieces)).toThrow(NotAVideo);
      }),
    );
  });

  test('a video of the local JSON2Video is whole', async () => {
    const fake = await startFakeJson2Video({ port: 0, renderSeconds: 0 });
    try {
      const headers = { 'x-api-key': fake.apiKey, 'content-type': 'application/json' };
      const body = JSON.stringify({ scenes: [{ duration: 1 }] });
      const created = await fetch(`${fake.url}/v2/movies`, { method: 'POST', headers, body });
      const { project } = (await created.json()) as { project: string };
      const status = await fetch(`${fake.url}/v2/movies?project=${project}`, { headers });
      const { movie } = (await status.json()) as { movie: { url: string } };
      const file = Buffer.from(await (await fetch(movie.url)).arrayBuffer());
      expect(() => read(file)).not.toThrow();
    } finally {
      await fake.close();
    }
  });
});

test.each([
  ['nothing', Buffer.alloc(0), 'no box ftyp, moov'],
  ['a page of HTML', Buffer.from('<!DOCTYPE html><html></html>'), 'does not begin with box ftyp'],
  ['JSON', Buffer.from('{"success":false}'), 'does not begin with box ftyp'],
  ['a file without an index', join(FTYP, box('mdat', Buffer.alloc(9))), 'no box moov'],
  ['a header that is cut', join(FTYP, MOOV).subarray(0, FTYP.length + 5), 'within the header'],
  ['an impossible size', join(FTYP, box('moov', Buffer.alloc(4), 3)), 'impossible size'],
  ['an impossible size of 64 bits', join(FTYP, longBox('moov', Buffer.alloc(4), 3)), 'impossible size'],
])('%s is refused', (_what, file, why) => {
  expect(() => read(file)).toThrow(why);
});

test('a file that is cut anywhere but between two boxes is refused', () => {
  const file = join(FTYP, MOOV, box('mdat', Buffer.alloc(9)));
  const lengths = [...file.keys()].filter((length) => length !== FTYP.length + MOOV.length);
  const refused = lengths.filter((length) => {
    try {
      read(file.subarray(0, length));
      return false;
    } catch (error) {
      return error instanceof NotAVideo;
    }
  });
  expect(refused).toEqual(lengths);
});
