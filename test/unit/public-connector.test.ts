import type { lookup } from 'node:dns';
import { expect, test } from 'vitest';
import { publicConnector } from '../../src/events/public-connector.js';

type Resolver = typeof lookup;
type Found = { readonly address: string; readonly family: 4 | 6 };

/** A resolver with the given addresses. */
function resolving(...found: readonly Found[]): Resolver {
  const resolve = (
    _name: string,
    _options: object,
    callback: (error: null, addresses: readonly Found[]) => void,
  ): void => callback(null, found);
  return resolve as unknown as Resolver;
}

/** Connects to a name; returns the error, or nothing after a connection. */
function connect(resolve: Resolver): Promise<string> {
  const connector = publicConnector(200, resolve);
  return new Promise((settle) => {
    connector({ hostname: 'hooks.example.com', protocol: 'http:', port: '9' }, (error, socket) => {
      socket?.destroy();
      settle(error === null ? 'connected' : error.message);
    });
  });
}

test.each([
  ['127.0.0.1', 4],
  ['169.254.169.254', 4],
  ['100.64.0.1', 4],
  ['::1', 6],
  ['::ffff:10.0.0.1', 6],
  ['fd12:3456::1', 6],
  ['fe80::1%eth0', 6],
  ['64:ff9b::7f00:1', 6],
  ['2002:7f00:1::', 6],
] as const)('a name that resolves to %s is refused', async (address, family) => {
  expect(await connect(resolving({ address, family }))).toContain(
    `hooks.example.com is ${address}, which is no public address`,
  );
});

test('one private address among public ones refuses the name', async () => {
  const found = [{ address: '1.1.1.1', family: 4 } as const, { address: '10.0.0.1', family: 4 } as const];
  expect(await connect(resolving(...found))).toContain('no public address');
});

test('each connection asks the resolver again, so a name that changes is refused at the second', async () => {
  let asked = 0;
  const changing = ((...given: Parameters<Resolver>) => {
    asked += 1;
    const [address] = asked === 1 ? ['192.0.32.8'] : ['127.0.0.1'];
    return (resolving({ address: address ?? '', family: 4 }) as (...same: unknown[]) => void)(...given);
  }) as Resolver;
  expect(await connect(changing)).not.toContain('no public address');
  expect(await connect(changing)).toContain('no public address');
});
