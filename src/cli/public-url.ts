import { BlockList, isIP } from 'node:net';

/** Addresses that nobody reaches from outside. */
const PRIVATE = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv6');

/** Why the provider cannot report to an address, or nothing where nothing speaks against it. */
export function notPublicBecause(url: string): string | undefined {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:') return 'it is not https';
  const host = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  if (family !== 0) {
    const isPrivate = PRIVATE.check(host, family === 6 ? 'ipv6' : 'ipv4');
    return isPrivate ? 'its address is of this machine or of a private network' : undefined;
  }
  const isLocalName =
    !host.includes('.') || /(^|\.)(localhost|local|internal|lan|home\.arpa|test)$/.test(host);
  return isLocalName ? 'its name is known in a private network only' : undefined;
}

/** Whether an address is of this machine. */
export function isLoopback(url: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}
