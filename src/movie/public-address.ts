/** An IPv4 address in four decimal numbers. */
export const IPV4 = /^\d+(\.\d+){3}$/;

/** True if an IP address, as a resolver or `URL` writes it, belongs to the public internet. */
export function isPublicAddress(address: string): boolean {
  return IPV4.test(address) ? isPublicIpv4(address) : isPublicIpv6(address.toLowerCase());
}

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
