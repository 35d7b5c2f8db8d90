import { loadClientConnectConfig } from '@temporalio/envconfig';
import { expect, test } from 'vitest';
import { callbackUrls } from '../../src/cli/webhook.js';
import { requireApiKey, requireWebhookSecrets } from '../../src/cli/required.js';
import { readConfig } from '../../src/config.js';
import { parseTokens } from '../../src/http/tokens.js';
import {
  compose,
  type ComposeFile,
  COMPOSE_SOURCE,
  environmentOf,
  interpolated,
  localEnv,
  ours,
  parseCompose,
  readRootFile,
  service,
} from './compose-file.js';

const all = Object.entries(compose.services);

/** The names in the schema of config.ts. */
const OWN =
  ['src/config.ts', 'src/events/variables.ts', 'src/keep/variables.ts']
    .map(readRootFile)
    .join('')
    .match(/(?<=^ {2})(?:JSON2VIDEO|RENDERONCE)_\w+(?=:)/gm) ?? [];
/** Read by Temporal's own package, and by Node. */
/** Names a file, which must be mounted. */
const OF_FILES = ['RENDERONCE_DESTINATIONS'];
const OF_AWS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION'];
const FOREIGN = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'NODE_OPTIONS', ...OF_AWS];

function unknownVariables({ services }: ComposeFile): string[] {
  return Object.entries(services)
    .filter(([, { build }]) => build !== undefined)
    .flatMap(([name, { environment }]) =>
      Object.keys(environment)
        .filter((variable) => ![...OWN, ...FOREIGN].includes(variable))
        .map((variable) => `${name}: ${variable}`),
    );
}

test('every variable that a service of ours is given is one that something reads', () => {
  expect(OWN.length).toBeGreaterThanOrEqual(8);
  expect(unknownVariables(compose)).toEqual([]);
});

test('a misspelt variable is found', () => {
  const misspelt = COMPOSE_SOURCE.replace('      RENDERONCE_LISTEN:', '      RENDERONCE_LISTENS:');
  expect(unknownVariables(parseCompose(misspelt))).toEqual(['server: RENDERONCE_LISTENS']);
});

test('every variable of config.ts can be set for the containers', () => {
  const set = new Set(ours.flatMap(([, { environment }]) => Object.keys(environment)));
  expect(new Set(OWN.filter((name) => !set.has(name)))).toEqual(new Set(OF_FILES));
});

test('the worker has what it needs to submit, and to have its renders reported to the server', () => {
  const config = readConfig(environmentOf('worker'));
  expect(requireApiKey(config)).toBe('local-key');
  expect(callbackUrls(config)?.('k', new Date(0))).toMatch(/^http:\/\/server:8080\/json2video\/v1\./);
});

test('the server listens on the port that is published, with tokens and the secret of the worker', () => {
  const config = readConfig(environmentOf('server'));
  expect(parseTokens(config.tokens?.reveal() ?? '')).toMatchObject([{ name: 'local', scopes: ['admin'] }]);
  expect(config.listen).toEqual({ host: '0.0.0.0', port: 8080 });
  expect(service('server').ports).toEqual(['127.0.0.1:8080:8080']);
  expect(requireWebhookSecrets(config)).toEqual(requireWebhookSecrets(readConfig(environmentOf('worker'))));
});

test('worker, server and setup meet at one engine, namespace and memory of keys', () => {
  const places = ['worker', 'server', 'setup'].map((name) =>
    loadClientConnectConfig({ overrideEnvVars: environmentOf(name), disableFile: true }),
  );
  for (const { connectionOptions, namespace } of places) {
    expect([connectionOptions.address, namespace]).toEqual(['temporal:7233', 'renderonce']);
  }
  expect(readConfig(environmentOf('setup')).keyMemoryDays).toBe(
    readConfig(environmentOf('worker')).keyMemoryDays,
  );
});

test('the key of the account is given to nobody but the worker and the local JSON2Video', () => {
  const holders = all.filter(([, { environment }]) => environment['JSON2VIDEO_API_KEY'] !== undefined);
  expect(holders.map(([name]) => name).toSorted()).toEqual(['fake', 'worker']);
});

test('without a webhook variable the worker watches by polling, and the server serves', () => {
  const { RENDERONCE_WEBHOOK_URL: _url, RENDERONCE_WEBHOOK_SECRET: _secret, ...polling } = localEnv;
  for (const name of ['worker', 'server']) {
    const given = Object.entries(service(name).environment);
    const env = Object.fromEntries(
      given.map(([variable, value]) => [variable, interpolated(value, polling)]),
    );
    expect(callbackUrls(readConfig(env))).toBeUndefined();
  }
});

test('what has no default is asked for in words, and no secret stands in the file', () => {
  const required = [...COMPOSE_SOURCE.matchAll(/\$\{(\w+):\?([^}]*)\}/g)].map(
    ([, name = '', message = '']) => [name, message] as const,
  );
  const explained = new Map(required.filter(([, message]) => message !== ''));
  expect([...explained.keys()].toSorted()).toEqual([
    'JSON2VIDEO_API_KEY',
    'POSTGRES_PASSWORD',
    'RENDERONCE_TOKENS',
  ]);
  expect(required.filter(([name]) => !explained.has(name))).toEqual([]);
  for (const [name, message] of explained) expect(message).toContain(`set ${name} to`);
  const secrets = all.flatMap(([, { environment }]) =>
    Object.entries(environment).filter(([name]) => /KEY$|SECRET|PASSWORD|_PWD/.test(name)),
  );
  expect(secrets.length).toBeGreaterThan(5);
  for (const [, value] of secrets) expect(value).toMatch(/^\$\{\w+:(?:\?|-\})/);
});

test('local.env has every variable that has no default, and none that nothing reads', () => {
  for (const [, { environment }] of all) {
    for (const value of Object.values(environment)) expect(() => interpolated(value, localEnv)).not.toThrow();
  }
  for (const name of Object.keys(localEnv)) expect(COMPOSE_SOURCE).toContain(`\${${name}:`);
});
