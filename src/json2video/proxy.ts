import { BlockList, isIP } from 'node:net';
import { ConfigInvalid } from '../render/errors.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** HTTP proxy through which an address is reached. */
export interface Proxy {
  readonly url: URL;
  /** Variable that names it. */
  readonly variable: string;
  /** Value of `Proxy-Authorization`, if the variable holds a name and a password. */
  readonly authorization?: string;
}

/**
 * Returns the proxy for an address, as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say; undefined if it is reached directly.
 * Lower case wins. A loopback address is never reached through a proxy.
 *
 * @throws ConfigInvalid, which names the variable
 */
export function proxyFor(address: URL, env: Environment): Proxy | undefined {
  const name = address.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const variable = [name, name.toUpperCase()].find((each) => (env[each] ?? '').trim() !== '');
  if (variable === undefined || isLoopback(address) || isExcepted(address, env)) return undefined;
  return parseProxy((env[variable] ?? '').trim(), variable);
}

function parseProxy(text: string, variable: string): Proxy {
  // Without a scheme `proxy.example.com:3128` would be a URL whose scheme is the host.
  const full = /^[a-z0-9+.-]+:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ConfigInvalid(
      `${variable} is not the address of an HTTP proxy`,
      `Set ${variable} to http://host:port or https://host:port, or name the host of JSON2VIDEO_URL in NO_PROXY.`,
    );
  }
  if (url.username === '') return { url, variable };
  try {
    const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    return { url, variable, authorization: `Basic ${Buffer.from(user, 'utf8').toString('base64')}` };
  } catch {
    throw new ConfigInvalid(
      `${variable} holds a name or password that is not percent-encoded`,
      `Write special characters of name and password in ${variable} as %XX; a percent sign is %25.`,
    );
  }
}

/** Host name without the brackets of IPv6 and without a dot at the end. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase();

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

function isLoopback(address: URL): boolean {
  const host = hostOf(address);
  return host === 'localhost' || host.endsWith('.localhost') || isWithin(LOOPBACK, host);
}

function isWithin(list: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

/** True if `NO_PROXY` names the address: `*`, a host with its subdomains, an address or a block, each perhaps with a port. */
function isExcepted(address: URL, env: Environment): boolean {
  const list = env['no_proxy'] || env['NO_PROXY'] || '';
  const host = hostOf(address);
  const port = address.port || (address.protocol === 'https:' ? '443' : '80');
  return list.split(/[\s,]+/).some((entry) => {
    const [, name = '', onlyPort] =
      /^(\[[^\]]*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (name === '' || (onlyPort !== undefined && onlyPort !== port)) return false;
    if (name === '*') return true;
    const plain = name.replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
    return host === plain || host.endsWith(`.${plain}`) || isInBlock(host, plain);
  });
}

function isInBlock(host: string, block: string): boolean {
  const [base = '', bits] = block.split('/');
  const family = isIP(base);
  const prefix = Number(bits);
  if (family === 0 || bits === undefined || !(prefix >= 0 && prefix <= (family === 4 ? 32 : 128)))
    return false;
  const list = new BlockList();
  list.addSubnet(base, prefix, family === 4 ? 'ipv4' : 'ipv6');
  return isWithin(list, host);
}
