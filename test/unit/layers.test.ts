import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { faultsOf, LAYERS, roomOf } from './layers.js';

const SRC = new URL('../../src/', import.meta.url);
const files = (await readdir(SRC, { recursive: true })).filter((name) => name.endsWith('.ts'));

/** Every way to write an import; `TYPE_FORMS` import types only. */
const VALUE_FORMS: readonly ((from: string) => string)[] = [
  (from) => `import { one } from '${from}';`,
  (from) => `import * as all from '${from}';`,
  (from) => `import '${from}';`,
  (from) => `import { one, type Two } from '${from}';`,
  (from) => `export { one } from '${from}';`,
  (from) => `export * from '${from}';`,
  (from) => `export * as all from '${from}';`,
  (from) => `export const later = () => import('${from}');`,
];
const TYPE_FORMS: readonly ((from: string) => string)[] = [
  (from) => `import type { One } from '${from}';`,
  (from) => `import { type One } from '${from}';`,
  (from) => `export type { One } from '${from}';`,
];
const FORMS = [...VALUE_FORMS, ...TYPE_FORMS];

test('every room imports only what the table of layers lets it', async () => {
  const faults = await Promise.all(
    files.map(async (file) => faultsOf(file, await readFile(new URL(file, SRC), 'utf8'))),
  );
  expect(faults.flat()).toEqual([]);
});

test('every room has a row in the table, and every row a room', () => {
  expect([...new Set(files.map(roomOf))].toSorted()).toEqual(Object.keys(LAYERS).toSorted());
});

test('ARCHITECTURE.md shows the table: what each room may import, and which rooms may import it', async () => {
  const page = await readFile(new URL('../ARCHITECTURE.md', SRC), 'utf8');
  const [, section = ''] = /^## Rooms\n(.*?)^## /ms.exec(page) ?? [];
  const shown = [...section.matchAll(/^\| `(.+?)` +\|.*?\|(.*?)\|(.*?)\|$/gm)].map(
    ([, room = '', own = '', by = '']) => [room, namesIn(own.split(', types of')[0]), namesIn(by)],
  );
  const rooms = Object.entries(LAYERS).map(([room, { own }]) => [
    room,
    own.split(' ').filter((name) => name !== ''),
    Object.keys(LAYERS).filter((other) => `${LAYERS[other]?.own} `.match(new RegExp(`(^| )${room}[ /]`))),
  ]);
  expect(shown).toEqual(rooms);
});

const namesIn = (cell = ''): string[] => [...cell.matchAll(/`(.+?)`/g)].map(([, name = '']) => name);

test('imports point one way: no room can reach itself through others', () => {
  const reach = (from: string, seen: readonly string[] = []): string[] =>
    (LAYERS[from]?.own ?? '')
      .split(' ')
      .filter((word) => word !== '')
      .flatMap((word) => (seen.includes(word) ? [word] : [word, ...reach(word, [...seen, word])]));
  expect(Object.keys(LAYERS).filter((room) => reach(room).includes(room))).toEqual([]);
});

/** Imports that the table forbids: the file, and what it may not import. */
const FORBIDDEN: readonly (readonly [file: string, from: string])[] = [
  ...Object.keys(LAYERS).flatMap((room) =>
    ['renderonce', 'renderonce/worker'].map((name) => [fileIn(room), name] as const),
  ),
  ...Object.keys(LAYERS)
    .filter((room) => room !== 'cli')
    .flatMap((room) =>
      ['cli/main.js', 'demo/demo.js'].map((to) => [fileIn(room), pathFrom(room, to)] as const),
    )
    .filter(([file, from]) => !file.startsWith('demo/') || !from.includes('demo/')),
  ['text/probe.ts', '../render/errors.js'],
  ['text/deep/probe.ts', '../../render/errors.js'],
  ['text/probe.ts', 'zod'],
  ['render/probe.ts', '../movie/movie.js'],
  ['render/probe.ts', 'node:crypto'],
  ['render/probe.ts', '@temporalio/common'],
  ['movie/probe.ts', 'node:fs'],
  ['movie/probe.ts', 'fs'],
  ['json2video/probe.ts', '../temporal/connect.js'],
  ['json2video/probe.ts', '@temporalio/common'],
  ['workflows/probe.ts', '../movie/fingerprint.js'],
  ['workflows/probe.ts', '@temporalio/client'],
  ['workflows/probe.ts', '@temporalio/common/lib/internal-non-workflow/index.js'],
  ['workflows/probe.ts', 'node:crypto'],
  ['workflows/probe.ts', 'zod'],
  ['temporal/probe.ts', '../starter/submit.js'],
  ['temporal/probe.ts', '../workflows/messages-more.js'],
  ['temporal/probe.ts', '@temporalio/worker'],
  ['activities/probe.ts', '../workflows/messages.js'],
  ['receiver/probe.ts', '../workflows/submit.js'],
  ['starter/probe.ts', '../json2video/client.js'],
  ['starter/probe.ts', '@temporalio/activity'],
  ['audit/probe.ts', '@temporalio/client'],
  ['engine/probe.ts', '../starter.js'],
  ['config.ts', './temporal/connect.js'],
];

describe('a forbidden import is caught however it is written', () => {
  test.each(FORBIDDEN)('%s: %s', (file, from) => {
    expect(FORMS.flatMap((write) => faultsOf(file, write(from)))).toHaveLength(FORMS.length);
  });
});

test('workflows may import types of activities, and nothing else of them', () => {
  const from = '../activities/index.js';
  const faults = (write: (from: string) => string): string[] => faultsOf('workflows/probe.ts', write(from));
  expect(VALUE_FORMS.filter((write) => faults(write).length === 0)).toEqual([]);
  expect(TYPE_FORMS.flatMap(faults)).toEqual([]);
});

test('a room that the table does not know is a fault', () => {
  expect(faultsOf('attic/probe.ts', '')).toEqual(['attic/probe.ts: no row of the table is for attic']);
});

function fileIn(room: string): string {
  return room.endsWith('.ts') ? room : `${room}/probe.ts`;
}

function pathFrom(room: string, to: string): string {
  return room.endsWith('.ts') ? `./${to}` : `../${to}`;
}
