/** All text within a value, bytes of payloads included, as one long text to search in. */
export function everythingIn(value: unknown): string {
  if (value instanceof Uint8Array) return `${Buffer.from(value).toString('utf8')}\n`;
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, inner]) => `${name}: ${everythingIn(inner)}`)
      .join('');
  }
  return `${String(value)}\n`;
}

/** Every form in which a text may lie in a log, a document or a file. */
function formsOf(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  // Base64 of a text within a longer one depends on where it begins: the middle of each of the three cases is its own.
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift, ' '), bytes])
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, -4),
  );
  const forms = [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1), bytes.toString('hex')];
  return [...new Set([...forms, ...shifted])].map((form) => Buffer.from(form));
}

/** Which of the texts are somewhere in it, in whatever form. */
export function foundIn(haystack: string | Buffer, texts: readonly string[]): string[] {
  const bytes = Buffer.from(haystack);
  return texts.filter((text) => formsOf(text).some((form) => bytes.includes(form)));
}
