import { createHash, randomBytes } from 'node:crypto';

function box(type: string, content: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + content.length, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, content]);
}

/** Bytes that have the boxes of an MP4, and this size. No player plays them. */
export function madeVideo(sizeBytes: number): Buffer {
  const begin = Buffer.concat([
    box('ftyp', Buffer.from('isom\u0000\u0000\u0002\u0000isommp41', 'latin1')),
    box('moov', randomBytes(100)),
  ]);
  return Buffer.concat([begin, box('mdat', randomBytes(sizeBytes - begin.length - 8))]);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
