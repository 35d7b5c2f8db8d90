import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseOptions } from '../../src/render/options.js';
import { compose, COMPOSE_SOURCE, ours, readRootFile, ROOT, service } from './compose-file.js';

const all = Object.entries(compose.services);

test.each(all)(
  '%s is read-only, without capabilities or new privileges, and within limits',
  (_name, each) => {
    expect(each.read_only).toBe(true);
    expect(each.tmpfs).toContain('/tmp');
    expect(each.cap_drop).toEqual(['ALL']);
    expect(each.security_opt).toEqual(['no-new-privileges:true']);
    expect(each.deploy?.resources.limits).toMatchObject({ memory: expect.stringMatching(/^\d+[MG]$/) });
  },
);

test.each(all)('%s publishes no port beyond this machine', (_name, { ports }) => {
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
});

test('images of others are pinned to a version, and server and schema to the same', () => {
  const images = all.filter(([, { build }]) => build === undefined).map(([, { image }]) => image);
  expect(images.length).toBeGreaterThanOrEqual(4);
  for (const image of images) expect(image).toMatch(/:\d+(\.\d+)*(-[a-z]+)?$/);
  const versions = ['schema', 'temporal', 'frontend'].map((name) => service(name).image.split(':')[1]);
  expect(new Set(versions).size).toBe(1);
});

test('our image runs as a user who owns nothing in it, and so do its containers', () => {
  const dockerfile = readRootFile('Dockerfile');
  expect(dockerfile.match(/^USER .*/gm)?.at(-1)).toBe('USER node');
  expect(dockerfile).not.toContain('--chown');
  expect(new Set(ours.map(([, { user }]) => user))).toEqual(new Set(['node']));
});

test('every service that stays says whether it is well, or is behind one that does', () => {
  const staying = all.filter(
    ([name, { restart, profiles }]) => restart !== undefined || (profiles.length > 0 && name !== 'fake-door'),
  );
  expect(staying.map(([name]) => name).toSorted()).toEqual([
    'codec',
    'fake',
    'postgresql',
    'server',
    'temporal',
    'ui',
    'worker',
  ]);
  for (const [, { healthcheck }] of staying) expect(healthcheck?.test[0]).toBe('CMD');
});

test('Postgres is reached by Temporal and its schema job alone, over a network without a way out', () => {
  expect(compose.networks['database']?.internal).toBe(true);
  const members = all.filter(([, { networks }]) => networks.includes('database')).map(([name]) => name);
  expect(members.toSorted()).toEqual(['postgresql', 'schema', 'temporal']);
  expect(service('postgresql')).toMatchObject({ networks: ['database'], ports: [] });
});

test('a stop waits longer than any submit attempt may last', () => {
  const graceSeconds = Number(/^(\d+)s$/.exec(service('worker').stop_grace_period)?.[1]);
  expect(parseOptions({ submitTimeoutSeconds: 90 })).toHaveProperty('submitTimeoutSeconds', 90);
  expect(() => parseOptions({ submitTimeoutSeconds: graceSeconds })).toThrow(/submitTimeoutSeconds/);
});

test('everything that the image copies and the containers mount is there, and gets past .dockerignore', () => {
  const admitted = readRootFile('.dockerignore')
    .match(/^!.*/gm)
    ?.map((line) => line.slice(1));
  const copied = [...readRootFile('Dockerfile').matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(
    ([, names = '']) => names.split(' '),
  );
  expect(copied.toSorted()).toEqual(admitted?.toSorted());
  for (const name of copied.filter((each) => !each.includes('*')))
    expect(existsSync(`${ROOT}${name}`)).toBe(true);
  const used = COMPOSE_SOURCE.match(/\b[\w-]+\.mjs\b|(?<=\.\/)docs\/deploy\/[\w.-]+(?=:)/g) ?? [];
  expect(used.length).toBeGreaterThanOrEqual(4);
  for (const name of used)
    expect(existsSync(`${ROOT}docs/deploy/${name.replace('docs/deploy/', '')}`)).toBe(true);
});
