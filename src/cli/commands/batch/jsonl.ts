import { z } from 'zod';
import { readJsonText } from '../../../text/json-text.js';
import { shorten } from '../../../text/text.js';
import { BATCH_LINE_BYTES, type BatchLine } from './line.js';
import { readLines } from './read-lines.js';

/** Strict, so that a misspelt name is an error and not ignored; the submission checks the bounds. */
const order = z.strictObject({
  key: z.string(),
  movie: z.unknown(),
  options: z
    .strictObject({
      pollSeconds: z.number(),
      renderTimeoutSeconds: z.number(),
      errorGraceSeconds: z.number(),
      submitPatienceSeconds: z.number(),
      submitTimeoutSeconds: z.number(),
      settleSeconds: z.number(),
      resubmissions: z.number(),
      webhook: z.boolean(),
    })
    .partial()
    .default({}),
});

/** Reads the orders of a file with one `{ "key", "movie", "options"? }` a line; it skips blank lines. */
export async function* readJsonl(chunks: AsyncIterable<Buffer>): AsyncGenerator<BatchLine, void, undefined> {
  for await (const { text, ...head } of readLines(chunks, BATCH_LINE_BYTES)) {
    if (text === undefined) {
      yield { ...head, problem: `the line is not UTF-8 text of at most ${BATCH_LINE_BYTES} bytes` };
    } else if (text.trim() !== '') {
      yield { ...head, raw: text.trim(), ...parseOrder(text) };
    }
  }
}

function parseOrder(text: string): { readonly order: z.infer<typeof order> } | { readonly problem: string } {
  const read = readJsonText(text);
  if ('fault' in read) {
    const { path, message } = read.fault;
    // The line's number stands in front of the problem.
    const reason = message.replace(/^line 1, /, '');
    return { problem: shorten(path === '' ? `the line is not JSON: ${reason}` : `${path} ${reason}`) };
  }
  const parsed = order.safeParse(read.value);
  if (parsed.success) return { order: parsed.data };
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') ?? '';
  return { problem: shorten(`${place === '' ? 'the line' : place}: ${issue?.message ?? 'is unusable'}`) };
}
