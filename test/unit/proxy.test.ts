import { describe, expect, test } from 'vitest';
import { proxyFor } from '../../src/json2video/proxy.js';
import { ConfigInvalid } from '../../src/render/errors.js';

const PROVIDER = 'https://api.json2video.com/v2/movies';
const PROXY = 'http://proxy.example.com:3128';

type Environment = Parameters<typeof proxyFor>[1];

function proxyOf(address: string, env: Environment): string | undefined {
  return proxyFor(new URL(address), env)?.url.origin;
}

describe('the proxy of an address', () => {
  test.each<[string, string, Environment, string | undefined]>([
    ['no variable', PROVIDER, {}, undefined],
    ['HTTPS_PROXY', PROVIDER, { HTTPS_PROXY: PROXY }, PROXY],
    ['https_proxy wins', PROVIDER, { HTTPS_PROXY: 'http://a', https_proxy: PROXY }, PROXY],
    ['an empty variable is none', PROVIDER, { HTTPS_PROXY: PROXY, https_proxy: '' }, PROXY],
    ['without a scheme', PROVIDER, { HTTPS_PROXY: 'proxy.example.com:3128' }, PROXY],
    ['with TLS', PROVIDER, { HTTPS_PROXY: 'https://proxy.example.com' }, 'https://proxy.example.com'],
    ['HTTP_PROXY is not for https', PROVIDER, { HTTP_PROXY: PROXY }, undefined],
    ['HTTP_PROXY is for http', 'http://fake.example.com/v2', { HTTP_PROXY: PROXY }, PROXY],
    ['http_proxy too', 'http://fake.example.com/v2', { http_proxy: PROXY }, PROXY],
  ])('%s', (_, address, env, expected) => {
    expect(proxyOf(address, env)).toBe(expected);
  });

  test.each(['localhost', 'api.localhost', '127.0.0.1', '127.9.9.9', '[::1]', '[::ffff:127.0.0.1]'])(
    'is none for loopback: %s',
    (host) => {
      expect(proxyOf(`https://${host}:8443`, { HTTPS_PROXY: PROXY })).toBeUndefined();
    },
  );
});

describe('NO_PROXY', () => {
  test.each<[string, string, boolean]>([
    ['*', PROVIDER, true],
    ['json2video.com', PROVIDER, true],
    ['.json2video.com', PROVIDER, true],
    ['*.json2video.com', PROVIDER, true],
    ['a.com, API.json2video.com', PROVIDER, true],
    ['a.com api.json2video.com:443', PROVIDER, true],
    ['api.json2video.com:8443', PROVIDER, false],
    ['video.com', PROVIDER, false],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['[fd00::1]', 'https://[fd00::1]', true],
    ['fd00::/8', 'https://[fd00::1]', true],
    ['10.0.0.0/99,,/', 'https://10.1.2.3', false],
  ])('%s and %s: %s', (list, address, isExcepted) => {
    for (const name of ['NO_PROXY', 'no_proxy']) {
      expect(proxyOf(address, { HTTPS_PROXY: PROXY, [name]: list })).toBe(isExcepted ? undefined : PROXY);
    }
  });
});

test('name and password become a header, percent-decoded', () => {
  const proxy = proxyFor(new URL(PROVIDER), { HTTPS_PROXY: 'http://user:p%40ss@proxy.example.com' });
  expect(proxy?.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
});

test.each(['socks5://127.0.0.1:1080', 'http://', 'http://%zz:x@a.com'])('%s is refused', (HTTPS_PROXY) => {
  const read = (): unknown => proxyFor(new URL(PROVIDER), { HTTPS_PROXY });
  expect(read).toThrow(ConfigInvalid);
  expect(read).toThrow(/^HTTPS_PROXY /);
});
