import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { isInstalled, openGo, openPython, type OtherLanguage } from './other-languages.js';

expectNoProcessLeft();

const VECTORS = fileURLToPath(new URL('../../examples/fingerprint-vectors.json', import.meta.url));

let stage: Stage;
let folder: string;
beforeAll(async () => {
  [stage, folder] = await Promise.all([
    openStage({
      engine: 'memory',
      provider: { timeScale: 100 },
      env: { RENDERONCE_TASK_QUEUE: 'renderonce' },
    }),
    mkdtemp(join(tmpdir(), 'renderonce-languages-')),
  ]);
  // The examples use the default task queue.
  await stage.hostWorker();
});
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

/** Writes a movie with its names in the opposite order, which changes nothing. */
async function movieFile(name: string, movie: object): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(Object.fromEntries(Object.entries(movie).toReversed())));
  return path;
}

/** Lets callers reach an engine at the default address of Temporal; undefined if another process listens there. */
async function doorAtDefaultAddress(engine: string): Promise<{ close(): Promise<unknown> } | undefined> {
  const [host, port] = engine.split(':');
  const sockets = new Set<Socket>();
  const server = createServer((caller) => {
    const onward = connect(Number(port), host);
    for (const socket of [caller, onward]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    caller.pipe(onward).pipe(caller);
  });
  server.listen(7233, '127.0.0.1');
  const isOpen = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (!isOpen) return undefined;
  return {
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const hasGo = await isInstalled('go', 'version');

describe.each([
  { language: 'Python', open: openPython, isThere: true },
  { language: 'Go', open: openGo, isThere: hasGo },
])('the example in $language', ({ open, isThere }) => {
  let example: OtherLanguage;
  const render = (key: string, path: string) =>
    example.render(key, path, stage.taskQueue, stage.engine.address);
  beforeAll(async () => {
    if (isThere) example = await open();
  }, 600_000);
  afterAll(async () => {
    if (isThere) await example.close();
  });

  test.skipIf(!isThere)('takes the same fingerprints as the library, and notices a wrong one', async () => {
    const text = await readFile(VECTORS, 'utf8');
    const { vectors } = JSON.parse(text) as { vectors: { fingerprint: string }[] };
    const told = await example.checkVectors(VECTORS);
    expect(told).toEqual({ code: 0, stdout: `${vectors.length} vectors hold\n`, stderr: '' });

    const wrong = join(folder, 'wrong.json');
    await writeFile(wrong, text.replace(vectors.at(-1)?.fingerprint ?? '', '0'.repeat(64)));
    expect((await example.checkVectors(wrong)).code).toBe(1);
  });

  test.skipIf(!isThere)('shares a render with the library: one paid POST, one outcome', async () => {
    const key = freshKey('shared');
    const path = await movieFile('card.json', CARD);
    const first = await render(key, path);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const again = await render(key, path);
    const submitted = await stage.renders.submitOnce(key, CARD);
    const video = JSON.parse(first.stdout) as Record<string, unknown>;

    expect(video).toEqual({ ...(await stage.renders.result(key)), replayed: false });
    expect(JSON.parse(again.stdout)).toEqual({ ...video, replayed: true });
    expect(submitted).toMatchObject({ project: video['project'], replayed: true });
    expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
  });

  test.skipIf(!isThere)(
    'says in one line that the engine is away',
    async () => {
      const path = await movieFile('card.json', CARD);
      const ran = await example.render(freshKey('away'), path, stage.taskQueue, '127.0.0.1:1');
      expect(ran).toMatchObject({ code: 3, stdout: '' });
      expect(ran.stderr).toMatch(/^no engine answers at 127\.0\.0\.1:1: .*; try `npx renderonce dev`\n$/);
    },
    60_000,
  );

  test.skipIf(!isThere)(
    'runs as its page calls it, with no variable set',
    async (context) => {
      const key = freshKey('default');
      const door = await doorAtDefaultAddress(stage.engine.address);
      if (door === undefined) return context.skip('another engine has the default address');
      try {
        const ran = await example.renderByDefault(key, await movieFile('card.json', CARD));
        expect(ran).toMatchObject({ code: 0, stderr: '' });
        expect(JSON.parse(ran.stdout)).toMatchObject({ key, status: 'done' });
      } finally {
        await door.close();
      }
    },
    60_000,
  );

  test.skipIf(!isThere)('refuses another movie under a key of the library, and sends nothing', async () => {
    const key = freshKey('other-movie');
    const { project } = await stage.renders.submitOnce(key, CARD);
    const refused = await render(key, await movieFile('other.json', { ...CARD, quality: 'low' }));

    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(`key ${key} belongs to another movie, project ${project}`);
    expect(await stage.fake.movies(key)).toHaveLength(1);
  });

  test.skipIf(!isThere)('tells why the provider refused a movie', async () => {
    const key = freshKey('rejected');
    const body = JSON.stringify({ message: "Property 'style' is not valid" });
    const effect = { kind: 'status', code: 400, body, accept: false } as const;
    await stage.fake.fault({ match: { call: 'create', key }, effect, times: 1 });
    const refused = await render(key, await movieFile('card.json', CARD));

    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain("MovieRejected: Property 'style' is not valid");
    expect(await stage.fake.movies(key)).toEqual([]);
  });
});
