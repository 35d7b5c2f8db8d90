import { cpuUsage } from 'node:process';
import {
  type DefaultTreeAdapterMap,
  defaultTreeAdapter,
  html,
  Parser,
  type Token,
  type TreeAdapter,
} from 'parse5';
import { addressesInCss } from './css.js';
import { documentInDataUrl } from './data-url.js';
import { Uncheckable } from './scope.js';

/** Levels of elements. Browsers stop at 512; a parser without a limit takes time that grows with the square. */
const MARKUP_DEPTH = 512;

/** Elements that one text may make, for the same reason. */
const MARKUP_ELEMENTS = 200_000;

/**
 * Processor time of the process for one text. An ordinary one of 1 MB takes 0.2 s; only tangled markup takes longer. A busy
 * machine gives a process little of its time, so a clock on the wall would refuse ordinary texts.
 */
const MARKUP_CPU_MS = 8_000;

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
  const found = new Found();
  const adapter = collectingAdapter(found);
  const body = adapter.createElement(html.TAG_NAMES.BODY, html.NS.HTML, []);
  const options = { treeAdapter: adapter };
  // Later browsers read what an older parser drops within `select`; the text that follows a snippet may end its last tag.
  const asContent = markup.replaceAll(/<(\/?)select(?=[\s/>])/gi, '<$1span') + OPEN_TAG_END;
  const started = cpuUsage();
  for (const [parser, text] of [
    [new Parser(options), markup],
    [Parser.getFragmentParser(body, options), asContent],
  ] as const) {
    const onStartTag = parser.onStartTag.bind(parser);
    parser.onStartTag = (token) => {
      found.noteTag(token.tagName, token.attrs);
      onStartTag(token);
    };
    for (let at = 0; at < text.length; at += PIECE_CHARACTERS) {
      if (cpuUsage(started).user / 1_000 > MARKUP_CPU_MS) throw new Uncheckable('takes too long to read');
      const piece = text.slice(at, at + PIECE_CHARACTERS);
      parser.tokenizer.write(piece, at + PIECE_CHARACTERS >= text.length);
    }
  }
  const { addresses, documents } = found.all();
  if (documents.length > 0 && nested >= NESTED_DOCUMENTS) throw new Uncheckable('nests documents too deep');
  for (const each of documents)
    for (const address of addressesInMarkup(each, nested + 1)) addresses.add(address);
  return [...addresses];
}

/** Ends a tag that is open at the end of a text, with or without an open quote; elsewhere it is only text. */
const OPEN_TAG_END = `'">`;

/** Addresses, style sheets and documents within a text, noted while a parser reads it. */
class Found {
  readonly #addresses = new Set<string>();
  readonly #documents = new Set<string>();
  /** Texts of elements that the parser does not read as markup: style sheets, and what is shown without scripts. */
  readonly #raw = new Map<object, { readonly tag: string; text: string }>();

  noteTag(tag: string, attributes: readonly Token.Attribute[]): void {
    for (const each of attributes)
      for (const address of addressesIn(tag, each, attributes)) this.#addresses.add(address);
    const srcdoc = attributes.find(({ name }) => name === 'srcdoc');
    if (srcdoc !== undefined && tag === 'iframe') this.#documents.add(srcdoc.value);
  }

  noteText(parent: DefaultTreeAdapterMap['parentNode'], text: string): void {
    if (!('tagName' in parent) || !['style', 'noscript'].includes(parent.tagName)) return;
    const raw = this.#raw.get(parent);
    if (raw === undefined) this.#raw.set(parent, { tag: parent.tagName, text });
    else raw.text += text;
  }

  all(): { readonly addresses: Set<string>; readonly documents: readonly string[] } {
    for (const { tag, text } of this.#raw.values()) {
      if (tag === 'noscript') this.#documents.add(text);
      else for (const address of addressesInCss(text)) this.#addresses.add(address);
    }
    for (const address of this.#addresses) {
      const data = documentInDataUrl(address);
      if (data?.kind === 'markup') this.#documents.add(data.text);
      if (data?.kind === 'css') for (const each of addressesInCss(data.text)) this.#addresses.add(each);
    }
    return { addresses: this.#addresses, documents: [...this.#documents] };
  }
}

/** Creates a tree adapter that limits the tree that a parser builds, and notes its raw texts. */
function collectingAdapter(found: Found): TreeAdapter<DefaultTreeAdapterMap> {
  let elements = 0;
  let depth = 0;
  return {
    ...defaultTreeAdapter,
    createElement: (tag, namespace, attributes) => {
      elements += 1;
      if (elements > MARKUP_ELEMENTS) throw new Uncheckable('holds too many elements');
      return defaultTreeAdapter.createElement(tag, namespace, attributes);
    },
    insertText: (parent, text) => {
      found.noteText(parent, text);
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
  { name: written, value }: Token.Attribute,
  attributes: readonly Token.Attribute[],
): string[] {
  const name = written.replace(/^xlink:/, '');
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
