/** One line of a file. */
export interface RawLine {
  readonly line: number;
  /** Absent if the line is too long or not UTF-8. */
  readonly text?: string;
  /** Size with the line feed. */
  readonly sizeBytes: number;
}

const LINE_FEED = 10;

/** Splits a stream into lines. It keeps nothing of a line that is too long, so that memory stays bounded. */
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
    // The decoder drops a byte order mark, which spreadsheets write.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
