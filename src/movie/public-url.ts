import { shorten } from '../text/text.js';

/** Characters of a URL to check: a host has at most 253, so the rest cannot matter. */
export const URL_HEAD_CHARACTERS = 2_048;

/** Up to the first slash, so that a `?` or `#` in front of an `@` hides no host from a lenient parser. */
const WEB_URL = /^https?:\/\/([^/]+)/i;

/**
 * Returns the reason why no request may go to this address; undefined for an ordinary address of the public web. Reads
 * only the text: a client that connects must check the address behind a public name itself.
 */
export function urlFault(text: string): string | undefined {
  const url = text.trim().slice(0, URL_HEAD_CHARACTERS);
  const authority = WEB_URL.exec(url)?.[1];
  if (authority === undefined) return 'is not an http or https URL';
  if (authority.includes('@')) return 'carries credentials';
  // Parsers read these differently: the provider's might see another host than the one checked here.
  if (/[\s\\\p{Cc}]/u.test(authority) || !URL.canParse(url)) return 'is not a well-formed URL';
  const { hostname } = new URL(url);
  return isPublicHost(hostname) ? undefined : `names the host ${shorten(hostname, 80)}, which is not public`;
}

/** True if the host is public. `URL` has written it: numbers as one dotted address, names in lower-case ASCII. */
function isPublicHost(hostname: string): boolean {
  if (hostname.startsWith('[')) return isPublicIpv6(hostname.slice(1, -1));
  if (/^\d+(\.\d+){3}$/.test(hostname)) return isPublicIpv4(hostname);
  const name = hostname.replace(/\.$/, '');
  // A name without a dot exists in private networks only.
  return name.length <= 253 && name.includes('.') && !PRIVATE_NAME.test(name);
}

/** Names for local use (RFC 6761, 6762, 8375, 9476), and names that networks commonly use for it. */
const PRIVATE_NAME =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa|test|invalid|alt|onion)$/;

/** IPv4 blocks that are not globally reachable (IANA special-purpose registry), as base address and prefix length. */
const SPECIAL_IPV4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const;

function isPublicIpv4(address: string): boolean {
  return SPECIAL_IPV4.every(([base, bits]) => prefixOf(address, bits) !== prefixOf(base, bits));
}

function prefixOf(address: string, bits: number): number {
  const value = address.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
  return Math.floor(value / 2 ** (32 - bits));
}

/** True for global unicast, 2000::/3, except 2001::/23, documentation and 6to4, which may hide an IPv4 address. */
function isPublicIpv6(address: string): boolean {
  const [first = '', second = ''] = address.split(':');
  const [high, low] = [Number.parseInt(first || '0', 16), Number.parseInt(second || '0', 16)];
  if (high < 0x2000 || high > 0x3fff || high === 0x2002 || high === 0x3fff) return false;
  return high !== 0x2001 || (low >= 0x200 && low !== 0xdb8);
}
