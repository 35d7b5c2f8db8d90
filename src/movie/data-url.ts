/** Media types of documents that fetch what they name. */
const KINDS: readonly (readonly [RegExp, 'markup' | 'css'])[] = [
  [/^(?:text\/html|image\/svg\+xml|(?:text|application)\/(?:\w+\+)?xml)$/i, 'markup'],
  [/^text\/css$/i, 'css'],
];

/** A document that an address itself holds. */
interface DataDocument {
  readonly kind: 'markup' | 'css';
  readonly text: string;
}

/** Returns the document in a `data:` URL; undefined for other addresses, and for data such as pictures. */
export function documentInDataUrl(address: string): DataDocument | undefined {
  const [head = '', type = ''] = /^\s*data:([^,;]*)[^,]*,/i.exec(address) ?? [];
  const kind = KINDS.find(([types]) => types.test(type.trim()))?.[1];
  if (kind === undefined) return undefined;
  const body = percentDecoded(address.slice(head.length));
  const isBase64 = /;\s*base64\s*,$/i.test(head);
  return { kind, text: isBase64 ? Buffer.from(body, 'base64').toString('utf8') : body };
}

/** As browsers decode: a `%` that begins no escape stays. */
function percentDecoded(text: string): string {
  return text.replaceAll(/(?:%[\da-f]{2})+/gi, (escapes) =>
    Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}
