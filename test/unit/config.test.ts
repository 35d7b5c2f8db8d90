import { describe, expect, test } from 'vitest';
import { requireApiKey } from '../../src/cli/required.js';
import { readConfig } from '../../src/config.js';
import { ConfigInvalid } from '../../src/render/errors.js';

const DEFAULTS = {
  apiKey: undefined,
  json2videoUrl: 'https://api.json2video.com',
  taskQueue: 'renderonce',
  logLevel: 'info',
  keyMemoryDays: 30,
  assets: 'public',
};

test('every variable has a default, for unset and for empty', () => {
  expect(readConfig({})).toMatchObject(DEFAULTS);
  const empty: Parameters<typeof readConfig>[0] = {
    JSON2VIDEO_API_KEY: '',
    JSON2VIDEO_URL: '',
    RENDERONCE_TASK_QUEUE: '',
    RENDERONCE_LOG_LEVEL: undefined,
    RENDERONCE_KEY_MEMORY_DAYS: '',
  };
  expect(readConfig(empty)).toMatchObject(DEFAULTS);
});

test('every variable is read, and unknown variables are ignored', () => {
  const config = readConfig({
    JSON2VIDEO_API_KEY: ' key-1\n',
    JSON2VIDEO_URL: 'http://127.0.0.1:8090',
    RENDERONCE_TASK_QUEUE: 'renders',
    RENDERONCE_LOG_LEVEL: 'silent',
    RENDERONCE_KEY_MEMORY_DAYS: '90',
    PATH: '/bin',
    json2video_url: 'nonsense',
  });
  expect(config.apiKey?.reveal()).toBe('key-1');
  expect(config).toMatchObject({
    json2videoUrl: 'http://127.0.0.1:8090',
    taskQueue: 'renders',
    logLevel: 'silent',
    keyMemoryDays: 90,
  });
});

describe('an unfit value is refused with an error that names its variable', () => {
  test.each([
    ['JSON2VIDEO_API_KEY', '   ', 'JSON2VIDEO_API_KEY is empty'],
    [
      'JSON2VIDEO_API_KEY',
      'key\u200B-1',
      'JSON2VIDEO_API_KEY holds the character U+200B at position 4, which no API key has: copy the key again',
    ],
    ['JSON2VIDEO_URL', 'api.json2video.com', 'JSON2VIDEO_URL must be an http or https URL'],
    ['JSON2VIDEO_URL', 'ftp://api.json2video.com', 'JSON2VIDEO_URL must be an http or https URL'],
    ['JSON2VIDEO_URL', 'javascript:alert(1)', 'JSON2VIDEO_URL must be an http or https URL'],
    [
      'RENDERONCE_LOG_LEVEL',
      'verbose',
      'RENDERONCE_LOG_LEVEL must be one of trace, debug, info, warn, error, silent',
    ],
    [
      'RENDERONCE_LOG_LEVEL',
      'INFO',
      'RENDERONCE_LOG_LEVEL must be one of trace, debug, info, warn, error, silent',
    ],
    ['RENDERONCE_PROVIDER_RPS', 'many', 'RENDERONCE_PROVIDER_RPS must be a number of requests a second'],
    ['RENDERONCE_PROVIDER_RPS', '0', 'RENDERONCE_PROVIDER_RPS must be more than 0'],
    ['RENDERONCE_PROVIDER_RPS', '10001', 'RENDERONCE_PROVIDER_RPS must be at most 10000'],
    ['RENDERONCE_TRUSTED_PROXY_HOPS', 'one', 'RENDERONCE_TRUSTED_PROXY_HOPS must be a number of proxies'],
    [
      'RENDERONCE_TRUSTED_PROXY_HOPS',
      '0.5',
      'RENDERONCE_TRUSTED_PROXY_HOPS must be a whole number of proxies',
    ],
    ['RENDERONCE_TRUSTED_PROXY_HOPS', '-1', 'RENDERONCE_TRUSTED_PROXY_HOPS must be at least 0'],
    ['RENDERONCE_TRUSTED_PROXY_HOPS', '17', 'RENDERONCE_TRUSTED_PROXY_HOPS must be at most 16'],
    ['RENDERONCE_ASSETS', 'private', 'RENDERONCE_ASSETS must be one of public, any'],
    ['RENDERONCE_RESUBMISSIONS', '2', 'RENDERONCE_RESUBMISSIONS must be 0 or 1'],
    ['RENDERONCE_KEY_MEMORY_DAYS', 'a month', 'RENDERONCE_KEY_MEMORY_DAYS must be a number of days'],
    ['RENDERONCE_KEY_MEMORY_DAYS', '30d', 'RENDERONCE_KEY_MEMORY_DAYS must be a number of days'],
    ['RENDERONCE_KEY_MEMORY_DAYS', 'Infinity', 'RENDERONCE_KEY_MEMORY_DAYS must be a number of days'],
    ['RENDERONCE_KEY_MEMORY_DAYS', '1.5', 'RENDERONCE_KEY_MEMORY_DAYS must be a whole number of days'],
    ['RENDERONCE_KEY_MEMORY_DAYS', '0', 'RENDERONCE_KEY_MEMORY_DAYS must be at least 1'],
    ['RENDERONCE_KEY_MEMORY_DAYS', '-1', 'RENDERONCE_KEY_MEMORY_DAYS must be at least 1'],
    ['RENDERONCE_KEY_MEMORY_DAYS', '3651', 'RENDERONCE_KEY_MEMORY_DAYS must be at most 3650'],
  ])('%s=%j', (name, value, message) => {
    const next = `Correct ${name} in the environment and start again.`;
    expect(() => readConfig({ [name]: value })).toThrow(expect.objectContaining({ message, next }));
    expect(() => readConfig({ [name]: value })).toThrow(ConfigInvalid);
  });
});

test.each([
  ...['my.renders', 'my:renders', '__renders', 'my renders', 'größe', 'x'.repeat(109)].map((value) => ({
    name: 'TEMPORAL_DEPLOYMENT_NAME',
    value,
    rule: 'must be 1 to 108 visible ASCII characters, without "." and ":", and not begin with "__"',
  })),
  ...['__1', 'one two', 'x'.repeat(109)].map((value) => ({
    name: 'TEMPORAL_WORKER_BUILD_ID',
    value,
    rule: 'must be 1 to 108 visible ASCII characters, and not begin with "__"',
  })),
])(
  'a version that no engine takes is refused before a worker polls: $name=$value',
  ({ name, value, rule }) => {
    const env = { TEMPORAL_DEPLOYMENT_NAME: 'renders', [name]: value };
    expect(() => readConfig(env)).toThrow(
      expect.objectContaining({
        code: 'ConfigInvalid',
        message: `${name} ${rule}`,
        next: `Correct ${name} in the environment and start again.`,
      }),
    );
  },
);

test.each(['1', '3650'])('RENDERONCE_KEY_MEMORY_DAYS may be %s', (value) => {
  expect(readConfig({ RENDERONCE_KEY_MEMORY_DAYS: value })).toHaveProperty('keyMemoryDays', Number(value));
});

test('a process that calls the provider needs an API key, and its error says how to get one', () => {
  expect(requireApiKey(readConfig({ JSON2VIDEO_API_KEY: 'key-1' }))).toBe('key-1');
  expect(() => requireApiKey(readConfig({}))).toThrow(
    expect.objectContaining({
      code: 'ConfigInvalid',
      message: 'JSON2VIDEO_API_KEY is not set',
      next: expect.stringContaining('JSON2VIDEO_API_KEY'),
    }),
  );
});

test.each(['0', '1'])('RENDERONCE_RESUBMISSIONS may be %s, and has no default', (value) => {
  expect(readConfig({ RENDERONCE_RESUBMISSIONS: value }).resubmissions).toBe(Number(value));
  expect(readConfig({}).resubmissions).toBeUndefined();
});

test('a worker serves its health on a default port, on another one, or not at all', () => {
  const listen = (text: string) => readConfig({ RENDERONCE_WORKER_LISTEN: text }).workerListen;
  expect(readConfig({}).workerListen).toEqual({ host: '127.0.0.1', port: 8081, orAnyPort: true });
  expect(listen('[::1]:0')).toEqual({ host: '::1', port: 0 });
  expect(listen('off')).toBeUndefined();
  expect(() => listen('8081')).toThrow(
    'RENDERONCE_WORKER_LISTEN must be host:port, e.g. 127.0.0.1:8081, or off',
  );
});

test('traces are off by default', () => {
  expect(readConfig({}).traces).toBe(false);
  expect(readConfig({ RENDERONCE_TRACES: 'on' }).traces).toBe(true);
  expect(() => readConfig({ RENDERONCE_TRACES: 'yes' })).toThrow('RENDERONCE_TRACES must be on or off');
});

test('a deployment has a name and perhaps a build ID, but never a build ID alone', () => {
  const read = (name: string, buildId: string) =>
    readConfig({ TEMPORAL_DEPLOYMENT_NAME: name, TEMPORAL_WORKER_BUILD_ID: buildId }).deployment;
  expect(read('', '')).toBeUndefined();
  expect(read('videos/renderonce', '')).toEqual({ name: 'videos/renderonce', buildId: undefined });
  expect(read('renderonce', 'v1.2-3f:4')).toEqual({ name: 'renderonce', buildId: 'v1.2-3f:4' });
  expect(() => read('', 'v1')).toThrow(
    expect.objectContaining({
      code: 'ConfigInvalid',
      message: 'TEMPORAL_WORKER_BUILD_ID is set, but TEMPORAL_DEPLOYMENT_NAME is not',
    }),
  );
});
