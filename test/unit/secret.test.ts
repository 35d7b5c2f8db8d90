import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.js';
import { printedAs, Secret } from '../../src/text/secret.js';

/** Every way in which an object gets printed without anybody meaning to. */
const printsOf = (value: unknown): string[] => [
  inspect(value),
  inspect(value, { depth: Infinity, showHidden: true, getters: true }),
  format('%s %o %O %j', value, value, value, value),
  JSON.stringify(value),
  JSON.stringify({ deep: [value] }),
  Object.values(Object(value) as object).join(),
];

const MARK = 'canary-4711-with-at-least-32-bytes-in-it';
const ENV = {
  JSON2VIDEO_API_KEY: MARK,
  RENDERONCE_WEBHOOK_SECRET: `${MARK},${MARK}-2`,
  RENDERONCE_ENCRYPTION_KEYS: `${MARK}:${MARK}`,
  RENDERONCE_CODEC_TOKEN: MARK,
};

test('a configuration prints without its secrets, and gives them to whom asks', () => {
  const config = readConfig(ENV);
  for (const text of [
    ...printsOf(config),
    ...printsOf({ ...config }),
    ...printsOf(structuredClone(config)),
  ]) {
    expect(text).not.toContain('canary');
  }
  expect(inspect(config)).toContain('[secret]');
  expect(config.apiKey?.reveal()).toBe(MARK);
  expect(config.webhookSecrets.map((each) => each.reveal())).toEqual([MARK, `${MARK}-2`]);
});

test('the control: a plain object shows the secret that a configuration hides', () => {
  for (const text of printsOf({ apiKey: MARK })) expect(text).toContain('canary');
});

test('a secret is hidden as a part of a text, too', () => {
  const secret = new Secret(MARK);
  expect(String(secret)).toBe('[secret]');
  expect(['key=', secret].join('')).toBe('key=[secret]');
});

test('an object of others that holds credentials prints as one line, and is otherwise as before', () => {
  const connection = { address: 'a:7233', apiKey: MARK, tls: { key: MARK } };
  const copy = { ...connection, tls: { ...connection.tls } };
  const quiet = printedAs('connection to a:7233', connection);
  for (const text of [inspect({ quiet }), JSON.stringify({ quiet }), format('%o', { quiet })]) {
    expect(text).toContain('connection to a:7233');
    expect(text).not.toContain('canary');
  }
  expect({ ...quiet }).toEqual(copy);
});
