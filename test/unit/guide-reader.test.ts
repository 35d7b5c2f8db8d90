import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { blocksOf } from '../support/guide/blocks.js';
import { Shown } from '../support/guide/printed.js';
import { faultsOf } from '../support/guide/reader.js';
import { expectNoProcessLeft } from '../support/processes.js';

expectNoProcessLeft();

const block = (words: string, ...lines: string[]): string => ['```' + words, ...lines, '```', ''].join('\n');

/** Follows a page in a folder of its own. */
async function followed(page: string, more = {}): Promise<{ folder: string; faults: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-guide-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { folder, faults: await faultsOf(page, { folder, env: { PATH: process.env['PATH'] }, ...more }) };
}

test.each(['', 'python', 'ts', 'sh sudo', 'sh exit=x', 'json title=x'])(
  'a block of "%s", which nobody tries, is an error',
  (words) => {
    expect(() => blocksOf(`# A\n\n${block(words, 'x')}`)).toThrow('line 3: nobody tries a block');
  },
);

test('a block that is not closed is an error', () => {
  expect(() => blocksOf('```sh\necho')).toThrow('line 1: the block is not closed');
});

test('files are written, commands run, and what they print is compared', async () => {
  const page = [
    block('js file=one.js', 'console.log(1)'),
    block('sh', 'cat one.js'),
    block('text', 'console.log(1)'),
    `- in a list\n\n  ${block('sh exit=3', '  echo out', '  exit 3').replace('\n```\n', '\n  ```\n')}`,
    block('text', 'out'),
    block('sh', 'echo \'{"a": 1}\''),
    block('json', '{', '"a":1}'),
  ].join('\n');
  const { folder, faults } = await followed(page);
  expect(faults).toEqual([]);
  expect(await readFile(join(folder, 'one.js'), 'utf8')).toBe('console.log(1)\n');
});

test.each([
  ['other words', block('sh', 'echo one') + block('text', 'two'), 'line 4: shown is\ntwo\nprinted was\none'],
  ['another exit code', block('sh', 'exit 3'), 'exit code 3, not 0'],
  ['a failure that is not shown', block('sh', 'false', 'true'), 'exit code 1, not 0'],
  ['output of nothing', block('text', 'two'), 'nothing has printed this'],
  ['output twice', block('sh', 'echo one') + block('text', 'one').repeat(2), 'nothing has printed this'],
  ['a service that ends', block('sh serves', 'echo no') + block('text', 'yes'), 'it ended with 0'],
  ['a service that does not say when it is ready', block('sh serves', 'sleep 9'), 'it is not shown when'],
])('a page that shows %s is found', async (_, page, fault) => {
  const { faults } = await followed(page);
  expect(faults.join('\n')).toContain(fault);
});

test('what stays is stopped in the end, with all that it has started', async () => {
  const stays = 'echo ready; sleep 1000 & wait';
  const { faults } = await followed(block('sh serves', stays) + block('text', 'ready'));
  expect(faults).toEqual([]);
});

test('what is prepared for a page and does not occur in it is found', async () => {
  const before = { Gone: () => Promise.resolve() };
  const { faults } = await followed('', { instead: { gone: 'x' }, before });
  expect(faults).toEqual(['the page does not hold gone', 'the page does not hold Gone']);
});

const [ONE, TWO, THREE, FOUR] = [
  'CnXTmBVxs7Xk6gMu',
  'pKYmdSEQvgfwQgWc',
  'gH7kQmZ2xNw4RtVb',
  'Zq3vLw8TyKx5HnPd',
];

test('a project that a page shows twice is the same in the run, and two projects are two', () => {
  expect(new Shown().isShown(`${ONE} ${ONE} ${TWO}`, `${THREE} ${THREE} ${FOUR}`)).toBe(true);
  expect(new Shown().isShown(`${ONE} ${ONE}`, `${THREE} ${FOUR}`)).toBe(false);
  expect(new Shown().isShown(`${ONE} ${TWO}`, `${THREE} ${THREE}`)).toBe(false);
  const page = new Shown();
  expect([page.isShown(ONE, THREE), page.isShown(ONE, FOUR), page.isShown(TWO, THREE)]).toEqual([
    true,
    false,
    false,
  ]);
});

test('a command that names a project names the one of the run', async () => {
  const page = [
    block('sh', `echo ${ONE}`),
    block('text', TWO),
    block('sh', `echo ${TWO}`),
    block('text', TWO),
  ];
  expect((await followed(page.join('\n'))).faults).toEqual([]);
});

test('an ellipsis is any text of a line, or any lines, and times and ports are anybody’s', () => {
  const shown = new Shown();
  expect(shown.isShown('a … c\n…\nd', 'a b c\n1\n2\nd')).toBe(true);
  expect(shown.isShown('a … c\n…\nd\n…', 'a b c\nd')).toBe(true);
  expect(shown.isShown('…', 'a\nb')).toBe(true);
  expect(shown.isShown('a\n…', 'ab')).toBe(false);
  expect(shown.isShown('a … c', 'a b\nc')).toBe(false);
  expect(
    shown.isShown('at 2026-11-24T10:00:00Z on 127.0.0.1:1', 'at 2027-01-01T00:00:00.1Z on 127.0.0.1:2'),
  ).toBe(true);
  expect(shown.isShown('(a.c)', '(abc)')).toBe(false);
});
