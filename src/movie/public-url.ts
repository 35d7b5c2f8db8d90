import { shorten } from '../text/text.js';
import { IPV4, isPublicAddress } from './public-address.js';

/** Characters of a URL to check: a host has at most 253, so the rest cannot matter. */
export const URL_HEAD_CHARACTERS = 2_048;

/** Stands for the part of a text that is known only when the provider renders: a code point that is no character. */
export const UNRESOLVED = '\u{10FFFE}';

/**
 * Returns the reason why the provider may not fetch this `src`; undefined for an address of the public web. Reads only the
 * text: a client that connects must check the address behind a public name itself.
 */
export function urlFault(text: string): string | undefined {
  const url = text.trim().slice(0, URL_HEAD_CHARACTERS);
  if (url.includes(UNRESOLVED)) return unresolvedFault(url);
  if (isRelative(url)) {
    const hostname = hostnameOf(`http://${url}`);
    return hostname !== undefined && isPrivateLiteral(hostname) ? hostnameFault(hostname) : undefined;
  }
  const [, authority, rest = ''] = /^https?:\/\/([^/?#]+)([^/]*)/i.exec(url) ?? [];
  if (authority === undefined) return 'is not an http or https URL';
  // A lenient parser takes what follows an `@` in a query for the host.
  const hidden = hostnameOf(`http://${rest.split('@').at(-1)}`);
  const isHidden = rest.includes('@') && hidden !== undefined && isPrivateLiteral(hidden);
  if (authority.includes('@') || isHidden) return 'carries credentials';
  // Parsers read these differently: the provider's might see another host than the one checked here.
  if (/[\s\\\p{Cc}]/u.test(authority)) return 'is not a well-formed URL';
  const hostname = hostnameOf(url);
  return hostname === undefined ? 'is not a well-formed URL' : hostnameFault(hostname);
}

/**
 * True for a text such as `background.jpg`, which names neither a scheme nor a place on a machine: the provider accepts a
 * movie with it, fetches nothing, and fails to render.
 */
export function isRelative(url: string): boolean {
  return /^[^:\\/\p{Cc}][^:\\\p{Cc}]*$/u.test(url.trim());
}

/** An address that names its host. Other texts in front of a colon are only text, unless a private address follows. */
const NAMES_HOST = /^(?:(?:https?|wss?|ftp|file):[\\/]|[\\/]{2})/i;
const NAMES_HOST_ALONE = /^(?:https?|wss?|ftp):(?:localhost|\[|\w+\.)/i;

/** Space around an address, and line breaks and tabs within it, which URL parsers remove. */
const REMOVED = /^[\0- ]+|[\0- ]+$|[\t\n\r]/g;

// Bases of relative addresses: `https:10.0.0.1` names a host only on a page of another scheme, and the provider's is unknown.
const SECURE_PAGE = 'https://page.example.com/';
const PLAIN_PAGE = 'http://page.example.com/';

/**
 * Returns the reason why an address may not stand where a browser of the provider fetches from, in HTML and CSS; undefined
 * for the public web, and for all that reaches no host: relative paths, `data:`, and schemes that browsers do not know.
 */
function fetchFault(text: string): string | undefined {
  const url = text.trim().slice(0, URL_HEAD_CHARACTERS);
  if (url.includes(UNRESOLVED)) return unresolvedFault(url);
  const { protocol, hostname } = targetOf(url, SECURE_PAGE);
  if (protocol === 'file:') return "names a file of the provider's machine";
  const other = targetOf(url, PLAIN_PAGE).hostname ?? '';
  if (isPrivateLiteral(other)) return hostnameFault(other);
  return hostname === undefined ? undefined : hostnameFault(hostname);
}

/** Returns scheme and host of an address; no host for schemes that reach none. */
function targetOf(url: string, base: string): { readonly protocol?: string; readonly hostname?: string } {
  const { protocol, hostname } = parseUrl(url, base) ?? {};
  if (protocol === undefined || hostname === undefined) return {};
  return /^(?:https?|wss?|ftp):$/.test(protocol) ? { protocol, hostname } : { protocol };
}

/** Returns the fault of a value that may be an address, and may be only text. */
function valueFault(text: string): string | undefined {
  const url = text.slice(0, URL_HEAD_CHARACTERS).replaceAll(REMOVED, '');
  if (!NAMES_HOST.test(url) && !NAMES_HOST_ALONE.test(url)) return undefined;
  // `//` also begins texts that name no host, such as a comment.
  const isCertain =
    /^\w+:[\\/]/.test(url) || isPrivateLiteral(hostnameOf(url.replace(/^\w*:?/, 'http:')) ?? '');
  return isCertain ? fetchFault(url) : undefined;
}

/** Returns the fault of a server's name, such as the `host` of an upload, with or without a port. */
function hostFault(text: string): string | undefined {
  const host = text
    .slice(0, URL_HEAD_CHARACTERS)
    .trim()
    .replace(/^\w+:\/\//, '');
  const isIpv6 = /^[\da-f]*:[\da-f:]*:[\da-f.:]*(?:%\w+)?$/i.test(host);
  return host === '' ? undefined : fetchFault(`http://${isIpv6 ? `[${host.replace(/%.*/, '')}]` : host}`);
}

/** The judges of addresses, by the place where an address stands. Each returns a fault, or undefined. */
export const FAULT_OF = {
  /** `src` of an element. */
  source: urlFault,
  /** A browser reads it. */
  fetched: fetchFault,
  /** It may be only text. */
  value: valueFault,
  /** The name of a server. */
  host: hostFault,
} as const;

/** Returns an address for an error: without credentials and without its query, of which only `id` is kept. */
export function shownAddress(text: string): string {
  const url = text.trim().slice(0, URL_HEAD_CHARACTERS).replaceAll(UNRESOLVED, '{{…}}');
  const [address = '', query = ''] = url.split(/[?#]/);
  const id = /(?:^|&)(id=[\w.-]{1,64})(?:&|$)/.exec(query)?.[1];
  const plain = address.replace(/\/\/[^/]*@/, '//').replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ');
  return `${plain.length > 200 ? `${plain.slice(0, 199)}…` : plain}${id === undefined ? '' : `?${id}`}`;
}

/**
 * Judges an address with unresolved parts. A host without any is judged as usual. In the others the parts count as empty,
 * as the provider fills unknown variables, and only an address that is private by itself is a fault.
 */
function unresolvedFault(url: string): string | undefined {
  const pattern = new RegExp(`^(?:[a-z]*${UNRESOLVED}*[a-z]*:)?[\\\\/]+([^\\\\/?#]+)`, 'iu');
  const authority = pattern.exec(url)?.[1];
  if (authority === undefined)
    return NAMES_HOST_ALONE.test(url) ? valueFault(url.replaceAll(UNRESOLVED, '')) : undefined;
  if (!authority.includes(UNRESOLVED) && /^\w+:/.test(url)) {
    return fetchFault(url.replaceAll(UNRESOLVED, ''));
  }
  const hostname = hostnameOf(`http://${authority.replaceAll(UNRESOLVED, '')}`);
  return hostname !== undefined && isPrivateLiteral(hostname) ? hostnameFault(hostname) : undefined;
}

function hostnameOf(url: string): string | undefined {
  return parseUrl(url)?.hostname;
}

/** Not `URL.canParse`: Node 20.20 refuses `ü` and other letters in it once V8 has optimised the call. */
function parseUrl(url: string, base?: string): URL | undefined {
  try {
    return new URL(url, base);
  } catch {
    return undefined;
  }
}

function hostnameFault(hostname: string): string | undefined {
  return isPublicHost(hostname) ? undefined : `names the host ${shorten(hostname, 80)}, which is not public`;
}

/** True for an IP address that is not public and a name of local use, not for a name that only lacks a dot. */
function isPrivateLiteral(hostname: string): boolean {
  const isAddress = hostname.startsWith('[') || IPV4.test(hostname);
  return (isAddress || PRIVATE_NAME.test(hostname.replace(/\.$/, ''))) && !isPublicHost(hostname);
}

/** True if the host is public. `URL` has written it: numbers as one dotted address, names in lower-case ASCII. */
function isPublicHost(hostname: string): boolean {
  if (hostname.startsWith('[')) return isPublicAddress(hostname.slice(1, -1));
  if (IPV4.test(hostname)) return isPublicAddress(hostname);
  const name = hostname.replace(/\.$/, '');
  // A name without a dot exists in private networks only.
  return name.length <= 253 && name.includes('.') && !PRIVATE_NAME.test(name);
}

/** Names for local use (RFC 6761, 6762, 8375, 9476), and names that networks commonly use for it. */
const PRIVATE_NAME =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa|test|invalid|alt|onion)$/;
