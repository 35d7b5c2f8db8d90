import type { Socket } from 'node:net';

/**
 * One direction of a proxy's traffic, for all of its connections. What is held stays in order and goes on with `open`;
 * what is held of a connection that ends is lost, as on a broken line.
 */
export class Lane {
  readonly #pipes = new Set<Pipe>();
  #isHolding = false;
  #isLosing = false;
  #from: RegExp | undefined;
  #limitBytes = Infinity;
  /** Each piece arrives this much later. */
  latencyMs = 0;
  /** Pieces are cut to this size. */
  sliceBytes = Infinity;

  /** Holds all that comes from now on. */
  hold(): void {
    this.#isHolding = true;
  }

  /** Holds from the first piece on that matches, all connections. Pieces are read as Latin-1. */
  holdFrom(pattern: RegExp): void {
    this.#from = pattern;
  }

  /** Lets each connection's first bytes through, and holds the rest of that connection. */
  holdAfterBytes(bytes: number): void {
    this.#limitBytes = bytes;
  }

  /** A black hole: takes everything and gives nothing on. */
  lose(): void {
    this.#isLosing = true;
  }

  open(): void {
    this.#isHolding = false;
    this.#isLosing = false;
    this.#from = undefined;
    this.#limitBytes = Infinity;
    for (const pipe of this.#pipes) pipe.flush();
  }

  /** What is held, as Latin-1. */
  heldText(): string {
    return this.heldTexts().join('\n');
  }

  /** What is held of each connection of which something is. */
  heldTexts(): string[] {
    return [...this.#pipes].map((pipe) => pipe.heldText()).filter((text) => text !== '');
  }

  /** For the proxy: takes what `from` says to `to`. */
  join(from: Socket, to: Socket): void {
    const pipe = new Pipe(this, to);
    this.#pipes.add(pipe);
    from.on('data', (chunk) => pipe.take(chunk));
    from.once('end', () => pipe.end());
    to.once('close', () => this.#pipes.delete(pipe));
  }

  /** How many of a piece's bytes may pass now. */
  passes(chunk: Buffer, passedBytes: number): number {
    if (this.#from?.test(chunk.toString('latin1')) === true) this.#isHolding = true;
    return this.#isHolding ? 0 : Math.max(0, this.#limitBytes - passedBytes);
  }

  get isLosing(): boolean {
    return this.#isLosing;
  }
}

/** One connection's traffic in one direction. */
class Pipe {
  readonly #lane: Lane;
  readonly #to: Socket;
  #held: Buffer[] = [];
  #passedBytes = 0;
  #written: Promise<void> = Promise.resolve();

  constructor(lane: Lane, to: Socket) {
    this.#lane = lane;
    this.#to = to;
  }

  take(chunk: Buffer): void {
    if (this.#lane.isLosing) return;
    const passing = this.#held.length > 0 ? 0 : this.#lane.passes(chunk, this.#passedBytes);
    const now = chunk.subarray(0, passing);
    const later = chunk.subarray(passing);
    if (later.length > 0) this.#held.push(later);
    if (now.length > 0) this.#pass(now);
  }

  flush(): void {
    const held = this.#held;
    this.#held = [];
    for (const chunk of held) this.take(chunk);
  }

  end(): void {
    void this.#written.then(() => this.#to.end());
  }

  heldText(): string {
    return Buffer.concat(this.#held).toString('latin1');
  }

  #pass(chunk: Buffer): void {
    this.#passedBytes += chunk.length;
    const { latencyMs, sliceBytes } = this.#lane;
    for (let start = 0; start < chunk.length; start += sliceBytes) {
      const slice = chunk.subarray(start, Math.min(chunk.length, start + sliceBytes));
      this.#written = this.#written.then(async () => {
        if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
        if (!this.#to.destroyed) this.#to.write(slice);
        // So that slices are pieces of their own on the wire.
        if (sliceBytes < Infinity) await new Promise((resolve) => setImmediate(resolve));
      });
    }
  }
}
