/** Contents of the container: one video track, its first picture a key frame. */
interface Track {
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  /** Duration of each picture, milliseconds; the last gets the rest. */
  readonly pictureMs: number;
  readonly pictures: readonly Buffer[];
  readonly sps: Buffer;
  readonly pps: Buffer;
}

type Part = Buffer | string;

/** Units of the time fields per second: all of them are milliseconds. */
const TIMESCALE = 1000;
/** The number 1 in the container's 16.16 fixed point. */
const ONE = 0x10000;
/** Neither turns nor scales the picture. */
const MATRIX = u32(ONE, 0, 0, 0, ONE, 0, 0, 0, 0x40000000);
/** Version 0, no flags. */
const PLAIN = u32(0);

/** Makes an MP4 with its index before the pictures, so that playing starts with the first bytes. */
export function mp4(track: Track): Buffer {
  const samples = track.pictures.map((picture) => Buffer.concat([u32(picture.length), picture]));
  const head = box('ftyp', 'isom', u32(0x200), 'isomiso2avc1mp41');
  const offset = head.length + movieBox(track, samples, 0).length + 8;
  return Buffer.concat([head, movieBox(track, samples, offset), box('mdat', ...samples)]);
}

function movieBox(track: Track, samples: readonly Buffer[], offset: number): Buffer {
  const times = u32(0, 0, TIMESCALE, track.durationMs);
  const header = box('mvhd', PLAIN, times, u32(ONE), u16(0x100), zeros(10), MATRIX, zeros(24), u32(2));
  // Flags 3: the track is enabled and part of the presentation.
  const trackFields = u32(3, 0, 0, 1, 0, track.durationMs);
  const size = u32(track.width * ONE, track.height * ONE);
  const trackHeader = box('tkhd', trackFields, zeros(16), MATRIX, size);
  return box('moov', header, box('trak', trackHeader, mediaBox(track, samples, offset)));
}

function mediaBox(track: Track, samples: readonly Buffer[], offset: number): Buffer {
  const undetermined = 0x55c4;
  const times = u32(0, 0, TIMESCALE, track.durationMs);
  const dataIsHere = box('dref', PLAIN, u32(1), box('url ', u32(1)));
  return box(
    'mdia',
    box('mdhd', PLAIN, times, u16(undetermined, 0)),
    box('hdlr', PLAIN, u32(0), 'vide', zeros(12), 'video\0'),
    box(
      'minf',
      box('vmhd', u32(1), zeros(8)),
      box('dinf', dataIsHere),
      box('stbl', description(track), ...sampleTables(track, samples, offset)),
    ),
  );
}

function description(track: Track): Buffer {
  const { sps, pps } = track;
  const configuration = box(
    'avcC',
    Buffer.from([1, ...sps.subarray(1, 4), 0xff, 0xe1]),
    u16(sps.length),
    sps,
    Buffer.from([1]),
    u16(pps.length),
    pps,
  );
  const dotsPerInch = u32(72 * ONE, 72 * ONE);
  const size = u16(track.width, track.height);
  const head = [zeros(6), u16(1), zeros(16), size, dotsPerInch, zeros(4), u16(1), zeros(32), u16(24, 0xffff)];
  return box('stsd', PLAIN, u32(1), box('avc1', ...head, configuration));
}

/** Makes the tables of times, key frames and places. All pictures are in one chunk. */
function sampleTables(track: Track, samples: readonly Buffer[], offset: number): Buffer[] {
  const repeats = samples.length - 1;
  const last = u32(1, track.durationMs - track.pictureMs * repeats);
  const times = repeats > 0 ? [u32(2), u32(repeats, track.pictureMs), last] : [u32(1), last];
  const sizes = samples.map((sample) => u32(sample.length));
  return [
    box('stts', PLAIN, ...times),
    box('stss', PLAIN, u32(1, 1)),
    box('stsc', PLAIN, u32(1, 1, samples.length, 1)),
    box('stsz', PLAIN, u32(0, samples.length), ...sizes),
    box('stco', PLAIN, u32(1, offset)),
  ];
}

function box(type: string, ...parts: readonly Part[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  );
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}

function u16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
  return bytes;
}

function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}

function zeros(length: number): Buffer {
  return Buffer.alloc(length);
}
