import { type CSSToken, tokenize, TokenType } from '@csstools/css-tokenizer';

/** Functions whose text is an address. */
const FETCHING = [
  'url',
  'src',
  'image-set',
  '-webkit-image-set',
  'image',
  'cross-fade',
  '-webkit-cross-fade',
];

/** Returns the addresses that a style sheet or a style's value fetches: `url(…)`, `image-set("…")`, `@import "…"`. */
export function addressesInCss(css: string): string[] {
  const addresses: string[] = [];
  // For each open bracket: true if a text in it is an address.
  const brackets: boolean[] = [];
  let isImport = false;
  for (const token of tokenize({ css })) {
    const [type, , , , data] = token;
    if (type === TokenType.Function) {
      brackets.push(FETCHING.includes(data.value.toLowerCase()) || brackets.at(-1) === true);
    } else if (type === TokenType.OpenParen) {
      brackets.push(brackets.at(-1) === true);
    } else if (type === TokenType.CloseParen) {
      brackets.pop();
    } else if (type === TokenType.AtKeyword) {
      isImport = data.value.toLowerCase() === 'import';
    } else if (type === TokenType.Semicolon) {
      isImport = false;
    } else {
      const text = textIn(token, isImport || brackets.at(-1) === true);
      if (text !== undefined) addresses.push(text);
    }
  }
  return addresses;
}

function textIn(token: CSSToken, isAddress: boolean): string | undefined {
  const [type, , , , data] = token;
  if (type === TokenType.URL) return data.value;
  return type === TokenType.String && isAddress ? data.value : undefined;
}
