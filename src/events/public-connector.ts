import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { isPublicAddress } from '../movie/public-address.js';

type Connector = ReturnType<typeof buildConnector>;

/** A receiver's address is not of the public internet. */
class PrivateAddress extends Error {
  readonly code = 'PRIVATE_ADDRESS';

  constructor(host: string, address: string) {
    super(
      `${host === address ? host : `${host} is ${address}, which`} is no public address; RENDERONCE_EVENTS_PRIVATE=allow permits it`,
    );
  }
}

/**
 * Creates a connector that refuses addresses outside the public internet when it connects: what a name resolves to may
 * change between a check and the connection. One private address among those of a name refuses all.
 */
export function publicConnector(timeoutMs: number, resolve: typeof lookup = lookup): Connector {
  const connect = buildConnector({ timeout: timeoutMs, lookup: publicLookup(resolve) });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    // The connection to a literal address asks no resolver.
    if (isIP(host) !== 0 && !isPublicAddress(host)) return callback(new PrivateAddress(host, host), null);
    return connect(options, callback);
  };
}

function publicLookup(resolve: typeof lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const refused = addresses.find(({ address }) => !isPublicAddress(address));
      if (refused !== undefined) return callback(new PrivateAddress(hostname, refused.address), '');
      if (options.all === true) return callback(null, addresses);
      const [first] = addresses;
      return callback(null, first?.address ?? '', first?.family);
    });
  };
}
