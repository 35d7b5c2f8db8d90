import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { releaseFakes, startFake } from '../../packages/json2video-local/test/unit/support.js';
import { openUserProject, type UserProject } from './user-project.js';

releaseFakes();

type ProjectFor = (key: string, movie: object) => Promise<string>;

interface Table {
  get(key: string): Promise<string | undefined>;
  set(key: string, project: string): Promise<void>;
}

let page: string;
let user: UserProject;
let recipe: (options: { url: string; apiKey: string; table: Table }) => ProjectFor;
beforeAll(async () => {
  page = await readFile(new URL('../../examples/recipe.md', import.meta.url), 'utf8');
  user = await openUserProject();
  const source = `data:text/javascript,${encodeURIComponent(blockOf('recipe.js'))}`;
  ({ recipe } = (await import(source)) as { recipe: typeof recipe });
});
afterAll(() => user.close());

/** The code block of the page that begins with its file's name. */
function blockOf(name: string): string {
  const [, block] = new RegExp(`\`\`\`\\w+\\n(// ${name}[^]*?)\`\`\``).exec(page) ?? [];
  if (block === undefined) throw new Error(`recipe.md has no block ${name}`);
  return block;
}

const MOVIE = { scenes: [{ duration: 5, elements: [{ type: 'text', text: 'Hello', style: '001' }] }] };

/** A store that never loses what it has accepted. */
function sound(): Table {
  const rows = new Map<string, string>();
  return {
    get: async (key) => rows.get(key),
    set: async (key, project) => void rows.set(key, project),
  };
}

test('the recipe keeps its promise as long as nothing goes wrong: the same key, the same project', async () => {
  const fake = await startFake();
  const projectFor = recipe({ url: fake.url, apiKey: fake.apiKey, table: sound() });

  expect(await projectFor('order-1', MOVIE)).toBe(await projectFor('order-1', MOVIE));
  expect(fake.movies()).toHaveLength(1);
});

test('the first hole: two callers at once pay twice', async () => {
  const fake = await startFake();
  const projectFor = recipe({ url: fake.url, apiKey: fake.apiKey, table: sound() });
  const [one, other] = await Promise.all([projectFor('order-1', MOVIE), projectFor('order-1', MOVIE)]);

  expect(one).not.toBe(other);
  expect(fake.movies()).toHaveLength(2);
});

test('the second hole: a crash between POST and write pays twice, and so does a lost reply', async () => {
  const fake = await startFake();
  const table = sound();
  const crash = async (): Promise<void> => {
    throw new Error('the process is gone');
  };
  const dying = recipe({ url: fake.url, apiKey: fake.apiKey, table: { ...table, set: crash } });
  await expect(dying('order-1', MOVIE)).rejects.toThrow('the process is gone');
  await recipe({ url: fake.url, apiKey: fake.apiKey, table })('order-1', MOVIE);
  expect(fake.movies()).toHaveLength(2);

  fake.fault({ match: { call: 'create' }, effect: { kind: 'reset-after' }, times: 1 });
  const projectFor = recipe({ url: fake.url, apiKey: fake.apiKey, table });
  await expect(projectFor('order-2', MOVIE)).rejects.toThrow('fetch failed');
  await projectFor('order-2', MOVIE);
  expect(fake.movies()).toHaveLength(4);
});

test('the recipe does not notice another movie under a used key', async () => {
  const fake = await startFake();
  const projectFor = recipe({ url: fake.url, apiKey: fake.apiKey, table: sound() });
  const first = await projectFor('order-1', MOVIE);
  expect(await projectFor('order-1', { ...MOVIE, quality: 'low' })).toBe(first);
});

test('our side of the page compiles as it stands', async () => {
  await user.write('ours.ts', blockOf('ours.ts'));
  await expect(user.build()).resolves.toBeUndefined();
});

test('every test that the page names is there', async () => {
  const named = page.match(/test\/[\w/-]+\.test\.ts/g) ?? [];
  expect(named.length).toBeGreaterThanOrEqual(5);
  for (const path of named) {
    await expect(readFile(new URL(`../../${path}`, import.meta.url), 'utf8')).resolves.toContain('test');
  }
});
