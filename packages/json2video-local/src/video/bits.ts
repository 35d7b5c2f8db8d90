/** Writes H.264 syntax elements bit by bit, most significant bit first. */
export class BitWriter {
  readonly #bytes: number[] = [];
  #current = 0;
  #used = 0;

  /** u(n): `value` in `width` bits. */
  bits(value: number, width: number): this {
    for (let shift = width - 1; shift >= 0; shift -= 1) this.#push((value >>> shift) & 1);
    return this;
  }

  /** ue(v): unsigned Exp-Golomb. */
  ue(value: number): this {
    const width = 32 - Math.clz32(value + 1);
    return this.bits(0, width - 1).bits(value + 1, width);
  }

  /** se(v) of zero, the only signed value needed here. */
  seZero(): this {
    return this.ue(0);
  }

  alignZero(): this {
    while (this.#used !== 0) this.#push(0);
    return this;
  }

  /** Whole bytes; only where the stream is aligned. */
  bytes(value: number, count: number): this {
    for (let index = 0; index < count; index += 1) this.#bytes.push(value);
    return this;
  }

  /** rbsp_trailing_bits, and the whole. */
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
