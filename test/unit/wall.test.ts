import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path/posix';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { importsOf } from './layers.js';

/**
 * The local JSON2Video is the oracle of the tests, so it shares no code with the client: a shared mistake would not
 * show. This file is the wall between the two.
 */
const ROOT = new URL('../../', import.meta.url);
const PROVIDER = 'packages/json2video-local/src';
const CLIENT = 'src';

/** The parts of the client that offer the local JSON2Video to users; nothing of them goes into a render. */
const DOORS = ['src/fake.ts', 'src/cli/', 'src/demo/'];

async function sourcesOf(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(new URL(folder, ROOT), { recursive: true })).filter((name) =>
    name.endsWith('.ts'),
  );
  const read = names.map(async (name): Promise<[string, string]> => {
    const path = join(folder, name);
    return [path, await readFile(new URL(path, ROOT), 'utf8')];
  });
  return new Map(await Promise.all(read));
}

const [provider, client] = await Promise.all([sourcesOf(PROVIDER), sourcesOf(CLIENT)]);

const { peerDependencies: dependencies } = z
  .object({ peerDependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(await readFile(new URL('packages/json2video-local/package.json', ROOT), 'utf8')));

/** Returns the imports with which a file of the provider leaves its package. */
function breachesOf(path: string, source: string): string[] {
  return importsOf(path, source)
    .map(({ from }) => from)
    .filter((from) => {
      if (from.startsWith('.')) return !join(path, '..', from).startsWith(`${PROVIDER}/`);
      return !from.startsWith('node:') && !Object.hasOwn(dependencies, from);
    });
}

/** True if a file of the client imports the provider without being one of its doors. */
function isLeak(path: string, source: string): boolean {
  const isDoor = DOORS.some((door) => path.startsWith(door));
  return !isDoor && importsOf(path, source).some(({ from }) => /json2video-local/.test(from));
}

/** So many equal lines in a row are a copy; imports, blank lines and lone brackets do not count. */
const COPIED_LINES = 6;

/** Returns the passages of a source, each as one text. */
function passagesOf(source: string): string[] {
  const lines = source
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /\w{3}/.test(line) && !/^(import|export) .* from /.test(line));
  return lines.slice(COPIED_LINES - 1).map((_, index) => lines.slice(index, index + COPIED_LINES).join('\n'));
}

/** Returns the passages that both sides have. */
function copiesIn(one: Iterable<string>, other: Iterable<string>): string[] {
  const known = new Set([...one].flatMap(passagesOf));
  return [...other].flatMap(passagesOf).filter((passage) => known.has(passage));
}

describe('the wall between the client and the local JSON2Video', () => {
  test('the local JSON2Video imports its own files and its own dependencies only', () => {
    expect(provider.size).toBeGreaterThan(50);
    expect([...provider].flatMap(([path, source]) => breachesOf(path, source))).toEqual([]);
  });

  test('the client imports it in the commands and the demo only', () => {
    expect(client.size).toBeGreaterThan(100);
    expect([...client].filter(([path, source]) => isLeak(path, source)).map(([path]) => path)).toEqual([]);
  });

  test('neither side has a copy of the other', () => {
    expect(copiesIn(provider.values(), client.values())).toEqual([]);
  });
});

describe('a breach of the wall is found', () => {
  const within = `${PROVIDER}/movies/probe.ts`;

  test.each([
    '../../../../src/render/errors.js',
    'renderonce',
    'renderonce/webhook',
    'fastify',
    '../../test/unit/support.js',
  ])('an import of %s by the local JSON2Video', (from) => {
    expect(breachesOf(within, `import { one } from '${from}';`)).toEqual([from]);
    expect(breachesOf(within, `export type { One } from '${from}';`)).toEqual([from]);
    expect(breachesOf(within, `const later = () => import('${from}');`)).toEqual([from]);
  });

  test.each(['../json.js', 'zod', 'node:http'])('but not one of %s', (from) => {
    expect(breachesOf(within, `import { one } from '${from}';`)).toEqual([]);
  });

  test.each(['src/json2video/client.ts', 'src/workflows/probe.ts', 'src/worker.ts'])(
    'an import of the local JSON2Video by %s',
    (path) => {
      expect(isLeak(path, "import type { FakeMovie } from 'json2video-local';")).toBe(true);
      expect(isLeak(path, "import { one } from '../../packages/json2video-local/src/json.js';")).toBe(true);
    },
  );

  test('a copied function', () => {
    const [source = ''] = [...provider.values()].filter((text) => text.split('\n').length > 60);
    expect(copiesIn(provider.values(), [`const before = 1;\n${source}\nconst after = 2;`])).not.toEqual([]);
  });
});
