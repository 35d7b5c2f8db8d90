/** A flat picture: its size in pixels (even) and its colour. */
interface FlatPicture {
  readonly width: number;
  readonly height: number;
  /** Luma and the two chroma values, 16 to 235 each. */
  readonly colour: readonly [number, number, number];
}

/** Encodes a picture that stays: once, and then as often repeated as `repeats` says. */
export function h264(picture: FlatPicture, repeats: number) {
  const skipped = Array.from({ length: repeats }, (_, index) => skippedPicture(picture, index + 1));
  const pictures = [firstPicture(picture), ...skipped];
  return { pictures, sps: sequenceParameters(picture), pps: pictureParameters() };
}

const NAL_SKIPPED_PICTURE = 0x41;
const NAL_FIRST_PICTURE = 0x65;
const NAL_SPS = 0x67;
const NAL_PPS = 0x68;

/** frame_num is written in 4 bits. */
const FRAME_NUMBERS = 16;

/** Constrained Baseline, which every decoder plays. */
const PROFILE = { idc: 66, constraints: 0xc0 } as const;

const levelOf = (picture: FlatPicture): number => {
  const { total } = macroblocks(picture);
  if (total <= 3_600) return 31;
  if (total <= 8_192) return 40;
  return total <= 36_864 ? 51 : 60;
};

function sequenceParameters(picture: FlatPicture): Buffer {
  const { across, down } = macroblocks(picture);
  const cropRight = (across * 16 - picture.width) / 2;
  const cropBottom = (down * 16 - picture.height) / 2;
  const writer = new BitWriter();
  writer.bits(PROFILE.idc, 8).bits(PROFILE.constraints, 8).bits(levelOf(picture), 8);
  // id 0, 4-bit frame_num, output in decoding order (type 2), one reference picture, no gaps in frame_num.
  writer.ue(0).ue(0).ue(2).ue(1).bits(0, 1);
  writer.ue(across - 1).ue(down - 1);
  // Frames only, direct 8x8 inference, cropped to the real size, no VUI.
  writer.bits(0b111, 3).ue(0).ue(cropRight).ue(0).ue(cropBottom).bits(0, 1);
  return unit(NAL_SPS, writer);
}

function pictureParameters(): Buffer {
  const writer = new BitWriter();
  // ids 0 and 0, CAVLC, no field order, one slice group, one reference in each list.
  writer.ue(0).ue(0).bits(0, 2).ue(0).ue(0).ue(0);
  // No weighted prediction, the three quantiser offsets 0, no deblocking, intra or redundancy switches.
  writer.bits(0, 3).seZero().seZero().seZero().bits(0, 3);
  return unit(NAL_PPS, writer);
}

/**
 * Writes the one real picture: the first macroblock carries its colour as raw samples; every other is predicted from
 * its neighbours without a residual, one byte each.
 */
function firstPicture(picture: FlatPicture): Buffer {
  const { across, total } = macroblocks(picture);
  const writer = new BitWriter();
  // First macroblock 0, all slices are I (7), parameter set 0, frame_num 0, IDR id 0, no marking, same quantiser.
  writer.ue(0).ue(7).ue(0).bits(0, 4).ue(0).bits(0, 2).seZero();
  const [luma, blue, red] = picture.colour;
  // mb_type 25 is I_PCM.
  writer.ue(25).alignZero().bytes(luma, 256).bytes(blue, 64).bytes(red, 64);
  for (let index = 1; index < total; index += 1) {
    // mb_type 3: 16x16 from the mean of the neighbours; chroma likewise (0); same quantiser.
    writer.ue(3).ue(0).seZero();
    // "No coefficients" is coded by what the neighbours have; raw samples count as 16 of them.
    const besideRaw = index === 1 || index === across;
    writer.bits(besideRaw ? 0b000011 : 1, besideRaw ? 6 : 1);
  }
  return unit(NAL_FIRST_PICTURE, writer);
}

/** Repeats the picture: every macroblock is skipped. `index` counts pictures from the first, which is 0. */
function skippedPicture(picture: FlatPicture, index: number): Buffer {
  const writer = new BitWriter();
  // First macroblock 0, all slices are P (5), parameter set 0, frame_num, no overrides or marking, same quantiser.
  writer
    .ue(0)
    .ue(5)
    .ue(0)
    .bits(index % FRAME_NUMBERS, 4)
    .bits(0, 3)
    .seZero();
  writer.ue(macroblocks(picture).total);
  return unit(NAL_SKIPPED_PICTURE, writer);
}

function macroblocks(picture: FlatPicture): { across: number; down: number; total: number } {
  const across = Math.ceil(picture.width / 16);
  const down = Math.ceil(picture.height / 16);
  return { across, down, total: across * down };
}

/** One NAL unit. 00 00 0x must not occur inside, so a 03 is put before the x. */
function unit(header: number, writer: BitWriter): Buffer {
  const bytes = [header];
  let zeros = 0;
  for (const byte of writer.finish()) {
    if (zeros >= 2 && byte <= 3) {
      bytes.push(3);
      zeros = 0;
    }
    bytes.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return Buffer.from(bytes);
}

/** Writes H.264 syntax elements bit by bit, most significant bit first. */
class BitWriter {
  readonly #bytes: number[] = [];
  #current = 0;
  #used = 0;

  /** Writes u(n): `value` in `width` bits. */
  bits(value: number, width: number): this {
    for (let shift = width - 1; shift >= 0; shift -= 1) this.#push((value >>> shift) & 1);
    return this;
  }

  /** Writes ue(v): unsigned Exp-Golomb. */
  ue(value: number): this {
    const width = 32 - Math.clz32(value + 1);
    return this.bits(0, width - 1).bits(value + 1, width);
  }

  /** Writes se(v) of zero, the only signed value that is needed. */
  seZero(): this {
    return this.ue(0);
  }

  alignZero(): this {
    while (this.#used !== 0) this.#push(0);
    return this;
  }

  /** Writes whole bytes; the stream must be aligned. */
  bytes(value: number, count: number): this {
    for (let index = 0; index < count; index += 1) this.#bytes.push(value);
    return this;
  }

  /** Ends the unit (rbsp_trailing_bits) and returns all bytes. */
  finish(): Uint8Array {
    this.bits(1, 1).alignZero();
    return Uint8Array.from(this.#bytes);
  }

  #push(bit: number): void {
    this.#current = (this.#current << 1) | bit;
    this.#used += 1;
    if (this.#used < 8) return;
    this.#bytes.push(this.#current);
    this.#current = 0;
    this.#used = 0;
  }
}
