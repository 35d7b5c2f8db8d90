/** One line of a file. */
export interface RawLine {
  readonly line: number;
  /** Absent where the line is longer than allowed, or no UTF-8. */
  readonly text?: string;
  /** With its line feed. */
  readonly sizeBytes: number;
}

const LINE_FEED = 10;

/** Splits a stream into lines; of one that is too long nothing is kept, so that memory stays bounded. */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<RawLine, void, undefined> {
  let line = 1;
  let pieces: Buffer[] = [];
  let sizeBytes = 0;
  const ended = (feedBytes: number): RawLine => {
    const text = sizeBytes > maxBytes ? undefined : decode(Buffer.concat(pieces));
    const whole = { line, sizeBytes: sizeBytes + feedBytes, ...(text === undefined ? {} : { text }) };
    line += 1;
    pieces = [];
    sizeBytes = 0;
    return whole;
  };
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length;) {
      const feed = chunk.indexOf(LINE_FEED, from);
      const piece = chunk.subarray(from, feed === -1 ? chunk.length : feed);
      sizeBytes += piece.length;
      if (sizeBytes <= maxBytes) pieces.push(piece);
      else pieces = [];
      from += piece.length + 1;
      if (feed !== -1) yield ended(1);
    }
  }
  if (sizeBytes > 0) yield ended(0);
}

function decode(bytes: Buffer): string | undefined {
  try {
    // Drops a byte order mark, which spreadsheets write.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
