import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { expectNoProcessLeft, runCommand } from '../support/processes.js';

expectNoProcessLeft();

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

const names = z.record(z.string(), z.string());
const manifest = z
  .object({
    dependencies: names,
    devDependencies: names,
    peerDependencies: names,
    peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean() })),
    scripts: names,
    allowScripts: z.record(z.string(), z.boolean()),
  })
  .parse(JSON.parse(read('package.json')));
const lockfile = z
  .object({
    packages: z.record(
      z.string(),
      z.looseObject({
        hasInstallScript: z.boolean().optional(),
        link: z.boolean().optional(),
        integrity: z.string().optional(),
      }),
    ),
  })
  .parse(JSON.parse(read('package-lock.json')));

describe('what is installed', () => {
  test('is at most 24 direct dependencies at run time', () => {
    expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(24);
  });

  test('is exactly what was tried: every package has its hash', () => {
    const packages = Object.entries(lockfile.packages).filter(
      // A link is a folder of our own.
      ([path, { link }]) => path.includes('node_modules/') && link !== true,
    );
    expect(packages.length).toBeGreaterThan(150);
    expect(packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
  });

  test('runs no script of its own, but for those that are allowed with a reason in SECURITY.md', () => {
    const scripted = Object.entries(lockfile.packages)
      .filter(([, entry]) => entry.hasInstallScript === true)
      .map(([path]) => path.replace(/^.*node_modules\//, ''));
    expect(scripted.length).toBeGreaterThan(0);
    for (const name of scripted) expect(manifest.allowScripts).toHaveProperty([name]);
    const reasons = read('SECURITY.md');
    const allowed = Object.entries(manifest.allowScripts).filter(([, isAllowed]) => isAllowed);
    for (const [name] of allowed) expect(reasons).toContain(`| \`${name}\` |`);
  });

  test("is Temporal's native core for workers only: an optional peer of the version that is tried here", () => {
    for (const [name, version] of Object.entries(manifest.peerDependencies)) {
      expect(manifest.peerDependenciesMeta[name]).toEqual({ optional: true });
      // Those of the AWS SDK are pinned here, and users may have later ones.
      const tried = manifest.devDependencies[name];
      expect(name.startsWith('@aws-sdk/') ? `^${tried}` : tried).toBe(version);
      const isOfSdk = name.startsWith('@temporalio/');
      expect(version === manifest.dependencies['@temporalio/client']).toBe(isOfSdk);
    }
    expect(Object.keys(manifest.peerDependencies)).toContain('@temporalio/worker');
  });
});

describe('without the packages that only workers need', () => {
  /** As if they were not installed. */
  const hooks = `export async function resolve(name, context, next) {
    if (!/^@temporalio\\/(worker|activity)(\\/|$)/.test(name)) return next(name, context);
    throw Object.assign(new Error("Cannot find package '" + name + "'"), { code: 'ERR_MODULE_NOT_FOUND' });
  }`;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(asModule(hooks))});`;
  const env = {
    NODE_OPTIONS: `--import ${JSON.stringify(asModule(register))}`,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  };

  test('a worker says what to install', async () => {
    const { code, stdout } = await runCommand(['worker', '--json'], env);
    expect([code, JSON.parse(stdout)]).toEqual([
      2,
      {
        error: {
          code: 'WorkerNotInstalled',
          message: 'package @temporalio/worker is not installed',
          next: expect.stringContaining(
            `@temporalio/worker@${manifest.peerDependencies['@temporalio/worker']}`,
          ),
        },
      },
    ]);
  });

  test('callers and receivers do without', async () => {
    const [caller, receiver] = await Promise.all([
      runCommand(['submit', '', 'movie.json', '--json'], env),
      runCommand(['receiver', '--json'], env),
    ]);
    expect(JSON.parse(caller.stdout)).toMatchObject({ error: { code: 'KeyInvalid' } });
    expect(JSON.parse(receiver.stdout)).toMatchObject({
      error: { message: 'RENDERONCE_WEBHOOK_SECRET is not set' },
    });
  });
});

function asModule(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
