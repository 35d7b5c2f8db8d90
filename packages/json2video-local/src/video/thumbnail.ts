import { crc32, deflateSync } from 'node:zlib';

import { colourOf, rgbOf } from './colour.js';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const WIDTH = 160;
/** 8 bits a channel, red, green and blue, no interlacing. */
const FORMAT = [8, 2, 0, 0, 0];

/** Makes a small PNG in the video's colour and proportions. */
export function thumbnail(video: {
  readonly width: number;
  readonly height: number;
  readonly seed: string;
  readonly isBlack?: boolean;
}): Buffer {
  const height = Math.max(1, Math.round((WIDTH * video.height) / video.width));
  const pixel = Buffer.from(rgbOf(colourOf(video)));
  // Each row begins with its filter: none.
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(WIDTH * pixel.length, pixel)]);
  const rows = Buffer.alloc(row.length * height, row);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', Buffer.concat([header, Buffer.from(FORMAT)])),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
