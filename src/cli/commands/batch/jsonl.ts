import { z } from 'zod';
import { parseJson } from '../../../text/json.js';
import { IF_DIFFERENT } from '../../../starter/prepare.js';
import { readJsonText } from '../../../text/json-text.js';
import { shorten } from '../../../text/text.js';
import { BATCH_LINE_BYTES, type BatchLine } from './line.js';
import { readLines } from './read-lines.js';

/** Options about movies that differ between calls; a line without a key gives them for all lines below it. */
const differences = z
  .strictObject({ ignore: z.array(z.string()), ifDifferent: z.enum(IF_DIFFERENT) })
  .partial();

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
      keep: z.boolean(),
      notify: z.array(z.union([z.string(), z.strictObject({ url: z.string() })])),
      ...differences.shape,
    })
    .partial()
    .default({}),
});

/**
 * Reads the orders of a file with one `{ "key", "movie", "options"? }` a line; it skips blank lines. The first line may be
 * a header with options for all: `{ "ignore"?, "ifDifferent"? }`.
 */
export async function* readJsonl(
  chunks: AsyncIterable<Buffer>,
  onHeader: (raw: string) => void = () => undefined,
): AsyncGenerator<BatchLine, void, undefined> {
  let forAll: z.infer<typeof differences> | undefined;
  for await (const { text, ...head } of readLines(chunks, BATCH_LINE_BYTES)) {
    if (text !== undefined && text.trim() !== '' && forAll === undefined) {
      const header = differences.safeParse(parseJson(text));
      forAll = header.data ?? {};
      if (header.success && Object.keys(forAll).length > 0) {
        onHeader(text.trim());
        continue;
      }
    }
    if (text === undefined) {
      yield { ...head, problem: `the line is not UTF-8 text of at most ${BATCH_LINE_BYTES} bytes` };
    } else if (text.trim() !== '') {
      yield { ...head, raw: text.trim(), ...parseOrder(text, forAll) };
    }
  }
}

function parseOrder(
  text: string,
  forAll: z.infer<typeof differences> = {},
): { readonly order: z.infer<typeof order> } | { readonly problem: string } {
  const read = readJsonText(text);
  if ('fault' in read) {
    const { path, message } = read.fault;
    // The line's number stands in front of the problem.
    const reason = message.replace(/^line 1, /, '');
    return { problem: shorten(path === '' ? `the line is not JSON: ${reason}` : `${path} ${reason}`) };
  }
  const parsed = order.safeParse(read.value);
  if (parsed.success) return { order: { ...parsed.data, options: { ...forAll, ...parsed.data.options } } };
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') ?? '';
  return { problem: shorten(`${place === '' ? 'the line' : place}: ${issue?.message ?? 'is unusable'}`) };
}
