import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../tools/check-lockfile.mjs', import.meta.url));
const LOCKFILE = fileURLToPath(new URL('../../package-lock.json', import.meta.url));

interface Entry {
  optionalDependencies?: Record<string, string>;
  resolved?: string;
}
interface Lockfile {
  packages: Record<string, Entry>;
}

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

interface Verdict {
  readonly passed: boolean;
  readonly stderr: string;
}

const run = (script: string): Promise<Verdict> =>
  new Promise((resolve) => {
    execFile(process.execPath, [script], (error, _stdout, stderr) =>
      resolve({ passed: error === null, stderr }),
    );
  });

/** The script's verdict on the real lockfile after a change. */
async function verdictOn(plant: (packages: Lockfile['packages']) => void): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-lockfile-'));
  folders.push(folder);
  await mkdir(join(folder, 'tools'));
  const script = join(folder, 'tools', 'check-lockfile.mjs');
  await copyFile(SCRIPT, script);
  const lockfile = JSON.parse(await readFile(LOCKFILE, 'utf8')) as Lockfile;
  plant(lockfile.packages);
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lockfile));
  return run(script);
}

test('the lockfile of this project passes', async () => {
  expect(await run(SCRIPT)).toEqual({ passed: true, stderr: '' });
});

test('a copy of it passes too', async () => {
  expect(await verdictOn(() => undefined)).toEqual({ passed: true, stderr: '' });
});

describe('what would break an installation somewhere else is caught', () => {
  test('a platform binary without an entry of its own', async () => {
    let removed = '';
    const { passed, stderr } = await verdictOn((packages) => {
      const names = Object.keys(packages['node_modules/oxlint']?.optionalDependencies ?? {});
      removed = names.find((name) => name.includes('darwin')) ?? '';
      delete packages[`node_modules/${removed}`];
    });
    expect(removed).not.toBe('');
    expect(passed).toBe(false);
    expect(stderr).toContain(`node_modules/oxlint names ${removed}, which has no entry`);
  });

  test('an optional dependency of the project itself without an entry', async () => {
    const { passed, stderr } = await verdictOn((packages) => {
      packages[''] = { ...packages[''], optionalDependencies: { 'only-elsewhere': '1.0.0' } };
    });
    expect(passed).toBe(false);
    expect(stderr).toContain('package.json names only-elsewhere, which has no entry');
  });

  test('the host that a package came from', async () => {
    const { passed, stderr } = await verdictOn((packages) => {
      packages['node_modules/zod'] = {
        ...packages['node_modules/zod'],
        resolved: 'https://example.com/zod.tgz',
      };
    });
    expect(passed).toBe(false);
    expect(stderr).toContain('node_modules/zod names the host that it came from');
  });

  test('several faults at once, each on a line', async () => {
    const { stderr } = await verdictOn((packages) => {
      for (const name of ['zod', 'undici', 'vitest']) {
        packages[`node_modules/${name}`] = { resolved: `http://example.com/${name}.tgz` };
      }
    });
    expect(stderr.match(/^ {2}node_modules\/(zod|undici|vitest) names the host/gm)).toHaveLength(3);
  });
});
