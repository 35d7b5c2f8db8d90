import {
  type DefaultTreeAdapterMap,
  defaultTreeAdapter,
  html,
  Parser,
  type Token,
  type TreeAdapter,
} from 'parse5';
import { addressesInCss } from './css.js';
import { Uncheckable } from './scope.js';

/** Levels of elements. Browsers stop at 512; a parser without a limit takes time that grows with the square. */
const MARKUP_DEPTH = 512;

/** Elements that one text may make, for the same reason. */
const MARKUP_ELEMENTS = 200_000;

/** Time for one text. An ordinary one of 1 MB takes 0.2 s; only tangled markup takes longer. */
const MARKUP_MS = 8_000;

/** Characters between two looks at the clock. */
const PIECE_CHARACTERS = 16_384;

/** Documents within documents (`srcdoc`) that are read. */
const NESTED_DOCUMENTS = 3;

/**
 * Returns the addresses that a browser fetches when it shows this HTML: images, media, frames, scripts, style sheets and
 * what styles name. Links and forms fetch nothing. Reads the HTML as a whole document and as the content of a body, since
 * no page says which of them the provider makes of it. Does not run scripts.
 *
 * @throws Uncheckable
 */
export function addressesInMarkup(markup: string, nested = 0): string[] {
  if (!markup.includes('<')) return [];
  const found = new Set<string>();
  const styles = new Map<object, string>();
  const documents: string[] = [];
  const adapter = collectingAdapter(found, styles, documents);
  const body = adapter.createElement(html.TAG_NAMES.BODY, html.NS.HTML, []);
  const options = { treeAdapter: adapter };
  const startedMs = performance.now();
  for (const parser of [new Parser(options), Parser.getFragmentParser(body, options)]) {
    for (let at = 0; at < markup.length; at += PIECE_CHARACTERS) {
      if (performance.now() - startedMs > MARKUP_MS) throw new Uncheckable('takes too long to read');
      const piece = markup.slice(at, at + PIECE_CHARACTERS);
      parser.tokenizer.write(piece, at + PIECE_CHARACTERS >= markup.length);
    }
  }
  for (const css of styles.values()) for (const address of addressesInCss(css)) found.add(address);
  if (documents.length > 0 && nested >= NESTED_DOCUMENTS) throw new Uncheckable('nests documents too deep');
  for (const each of documents) for (const address of addressesInMarkup(each, nested + 1)) found.add(address);
  return [...found];
}

type Adapter = TreeAdapter<DefaultTreeAdapterMap>;

/** Creates a tree adapter that notes addresses, style sheets and nested documents while the parser builds its tree. */
function collectingAdapter(found: Set<string>, styles: Map<object, string>, documents: string[]): Adapter {
  let elements = 0;
  let depth = 0;
  const note = (tag: string, attributes: readonly Token.Attribute[]): void => {
    for (const address of attributes.flatMap((each) => addressesIn(tag, each, attributes)))
      found.add(address);
    const srcdoc = attributes.find(({ name }) => name === 'srcdoc');
    if (srcdoc !== undefined && tag === 'iframe') documents.push(srcdoc.value);
  };
  const addText = (parent: DefaultTreeAdapterMap['parentNode'], text: string): void => {
    const isStyle = 'tagName' in parent && parent.tagName === 'style';
    if (isStyle) styles.set(parent, (styles.get(parent) ?? '') + text);
  };
  return {
    ...defaultTreeAdapter,
    createElement: (tag, namespace, attributes) => {
      elements += 1;
      if (elements > MARKUP_ELEMENTS) throw new Uncheckable('holds too many elements');
      note(tag.toLowerCase(), attributes);
      return defaultTreeAdapter.createElement(tag, namespace, attributes);
    },
    adoptAttributes: (element, attributes) => {
      note(element.tagName, attributes);
      defaultTreeAdapter.adoptAttributes(element, attributes);
    },
    insertText: (parent, text) => {
      addText(parent, text);
      defaultTreeAdapter.insertText(parent, text);
    },
    onItemPush: () => {
      depth += 1;
      if (depth > MARKUP_DEPTH) throw new Uncheckable(`is nested deeper than ${MARKUP_DEPTH} elements`);
    },
    onItemPop: () => {
      depth -= 1;
    },
  };
}

/** Attributes whose value is fetched, by name; `href` and `data` only of some elements. */
const FETCHED = ['src', 'poster', 'background', 'dynsrc', 'lowsrc'];
const FETCHED_OF: Readonly<Record<string, readonly string[]>> = {
  href: [
    'image',
    'use',
    'feimage',
    'script',
    'base',
    'mpath',
    'textpath',
    'lineargradient',
    'radialgradient',
    'pattern',
    'filter',
  ],
  data: ['object'],
  code: ['applet'],
  archive: ['applet', 'object'],
  // Animations of SVG can set an address.
  to: ['animate', 'set'],
  from: ['animate'],
};

/** Kinds of `link` that fetch nothing. */
const SHOWN_LINKS = /^(?:canonical|alternate|author|license|next|prev|help|search|me|bookmark|tag)?$/;

/** Attributes of SVG whose value is CSS. */
const STYLED = /^(?:style|fill|stroke|filter|mask|clip-path|cursor|marker(?:-start|-mid|-end)?)$/;

function addressesIn(
  tag: string,
  { name, value }: Token.Attribute,
  attributes: readonly Token.Attribute[],
): string[] {
  if (STYLED.test(name)) return addressesInCss(value);
  if (name === 'srcset' || name === 'imagesrcset') return addressesInSet(value);
  if (FETCHED.includes(name)) return [value];
  if (tag === 'animate' && name === 'values') return value.split(';');
  const other = (wanted: string): string =>
    attributes
      .find((each) => each.name === wanted)
      ?.value.trim()
      .toLowerCase() ?? '';
  if (tag === 'meta' && name === 'content' && other('http-equiv') === 'refresh') {
    return [value.replace(/^[\d\s.]*[;,]?\s*(?:url\s*=)?\s*['"]?/i, '').replace(/['"].*/s, '')];
  }
  if (tag === 'link' && name === 'href') {
    const isShown = other('rel')
      .split(/\s+/)
      .every((kind) => SHOWN_LINKS.test(kind));
    return isShown ? [] : [value];
  }
  return FETCHED_OF[name]?.includes(tag) === true ? [value] : [];
}

/** Returns the addresses of a `srcset`: each is followed by a width or a density, and by a comma. */
function addressesInSet(set: string): string[] {
  return [...set.matchAll(/[^\s,]\S*/g)].map(([address]) => address.replace(/,+$/, ''));
}
