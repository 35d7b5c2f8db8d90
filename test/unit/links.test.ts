import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const TOP = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];
const LOCAL = 'packages/json2video-local';
const BESIDE = [
  'bench/README.md',
  'examples/README.md',
  'examples/contract.md',
  'examples/recipe.md',
  `${LOCAL}/README.md`,
];

/** The pages of a person's hand; those of `docs/reference` are generated. */
async function pages(): Promise<string[]> {
  const docs = await readdir(join(ROOT, 'docs'), { recursive: true });
  const written = docs.filter((path) => path.endsWith('.md') && !path.startsWith('reference'));
  const local = await readdir(join(ROOT, LOCAL, 'docs'));
  return [
    ...TOP,
    ...BESIDE,
    ...written.map((path) => join('docs', path)),
    ...local.map((path) => join(LOCAL, 'docs', path)),
  ];
}

/** The links of a page into the project that lead nowhere. */
async function deadLinks(page: string, text: string): Promise<string[]> {
  const links = [...text.replace(/^ *```[^]*?^ *```/gm, '').matchAll(/\]\(([^)\s]+)\)/g)];
  const dead: string[] = [];
  for (const [, link = ''] of links) {
    if (/^https?:/.test(link)) continue;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    const isThere = existsSync(join(ROOT, target));
    if (!isThere || (anchor !== undefined && !(await anchorsOf(target)).includes(anchor))) dead.push(link);
  }
  return dead;
}

/** The anchors that GitHub makes of a page's headings. */
async function anchorsOf(path: string): Promise<string[]> {
  const text = await readFile(join(ROOT, path), 'utf8');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('every link from page to page, and to its headings, leads somewhere', async () => {
  for (const page of await pages()) {
    const text = await readFile(join(ROOT, page), 'utf8');
    expect({ page, dead: await deadLinks(page, text) }).toEqual({ page, dead: [] });
  }
});

test('a link that leads nowhere is found', async () => {
  const text =
    '[a](gone.md) [b](keys.md#gone) [c](keys.md#keys-that-work) [d](#gone) [e](https://example.com)';
  expect(await deadLinks('docs/keys.md', text)).toEqual(['gone.md', 'keys.md#gone', '#gone']);
});
