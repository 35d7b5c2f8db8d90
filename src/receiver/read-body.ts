/** The limits within which a body must arrive. */
export interface BodyLimits {
  readonly sizeBytes: number;
  readonly timeMs: number;
}

/**
 * A body as text, or why it was given up. It is counted as it comes, so that a length that lies is no help to the
 * sender. What is not UTF-8 is replaced: a delivery names its project in ASCII, whatever else it holds.
 */
export async function readBody(
  body: AsyncIterable<Uint8Array>,
  { sizeBytes, timeMs }: BodyLimits,
): Promise<{ readonly text: string } | 'too large' | 'too slow'> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<'too slow'>((resolve) => {
    timer = setTimeout(() => resolve('too slow'), timeMs);
  });
  // Stepped by hand: a loop that is left early would destroy the connection before it has its answer.
  const iterator = body[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  try {
    for (let received = 0; received <= sizeBytes;) {
      const step = await Promise.race([iterator.next(), timeIsUp]);
      if (step === 'too slow') return step;
      if (step.done === true) return { text: Buffer.concat(chunks).toString('utf8') };
      received += step.value.byteLength;
      chunks.push(step.value);
    }
    return 'too large';
  } finally {
    clearTimeout(timer);
  }
}
