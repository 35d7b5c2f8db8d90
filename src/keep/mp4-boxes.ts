/** Bytes of a box's size and type; a size of 64 bits follows them if the size of 32 bits is 1. */
const HEADER_BYTES = 8;
const LONG_HEADER_BYTES = 16;

/** Boxes that every video has: the kind of the file, and its index. Without the index no player can play it. */
const NEEDED = ['ftyp', 'moov'];

/** The file is no whole MP4. */
export class NotAVideo extends Error {
  override readonly name = 'NotAVideo';
}

/**
 * Reads the outermost boxes of an MP4 as its bytes pass by. An answer that is no video is refused at its first bytes, and
 * a truncated one at its end. Holds at most one header in memory.
 */
export class Mp4Boxes {
  readonly #seen = new Set<string>();
  /** The header of the next box, as far as it has come. */
  #header = Buffer.alloc(0);
  /** Bytes of the current box that are still to come. */
  #restBytes = 0;
  /** True within the last box, whose size is not given: it goes on to the end of the file. */
  #isOpen = false;

  /** Takes the next bytes. @throws NotAVideo */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#isOpen) return;
      if (this.#restBytes === 0) {
        at += this.#takeHeader(bytes, at);
        continue;
      }
      const step = Math.min(this.#restBytes, bytes.length - at);
      this.#restBytes -= step;
      at += step;
    }
  }

  /** Checks that the file ended where a box ended, and that no needed box is missing. @throws NotAVideo */
  end(): void {
    if (this.#restBytes > 0)
      throw new NotAVideo(`the file is truncated: ${this.#restBytes} bytes are missing`);
    if (this.#header.length > 0) throw new NotAVideo('the file is truncated within the header of a box');
    const missing = NEEDED.filter((type) => !this.#seen.has(type));
    if (missing.length > 0)
      throw new NotAVideo(`the file is no whole MP4: it has no box ${missing.join(', ')}`);
  }

  /** Completes the header, and returns the number of bytes that it took. */
  #takeHeader(bytes: Uint8Array, at: number): number {
    const isLong = this.#header.length >= HEADER_BYTES;
    const wanted = (isLong ? LONG_HEADER_BYTES : HEADER_BYTES) - this.#header.length;
    const taken = bytes.subarray(at, at + wanted);
    this.#header = Buffer.concat([this.#header, taken]);
    if (taken.length === wanted) this.#open(this.#header);
    return taken.length;
  }

  #open(header: Buffer): void {
    const type = header.toString('latin1', 4, HEADER_BYTES);
    if (this.#seen.size === 0 && type !== 'ftyp') {
      throw new NotAVideo('the file is no MP4: it does not begin with box ftyp');
    }
    const short = header.readUInt32BE(0);
    if (short === 1 && header.length < LONG_HEADER_BYTES) return;
    const size = short === 1 ? Number(header.readBigUInt64BE(HEADER_BYTES)) : short;
    this.#seen.add(type);
    this.#isOpen = short === 0;
    if (!this.#isOpen && size < header.length) throw new NotAVideo(`box ${type} has an impossible size`);
    this.#restBytes = this.#isOpen ? 0 : size - header.length;
    this.#header = Buffer.alloc(0);
  }
}
