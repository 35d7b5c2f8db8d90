import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { acceptWitness } from '../support/witness.js';

expectNoProcessLeft();

const SHORT = { submitTimeoutSeconds: 10, settleSeconds: 30 } as const;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ engine: 'disk', provider: { timeScale: 20 } });
}, 120_000);
afterAll(() => stage.close());

const isData = (file: string): boolean => file.startsWith('temporal.db') && !file.includes('owner');

/** Copies the files of an engine that does not run, in place of those that are there. */
async function copyData(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const file of (await readdir(to)).filter(isData)) await rm(join(to, file), { recursive: true });
  for (const file of (await readdir(from)).filter(isData)) await copyFile(join(from, file), join(to, file));
}

const movies = async (key: string): Promise<number> => (await stage.fake.movies(key)).length;

test('on an engine that was restored from a copy of its file, what it sent since is sent once: asked for again, or open in the copy', async () => {
  const copy = join(stage.folder, 'copy');
  const [asked, open] = [freshKey('asked-again'), freshKey('open-in-the-copy')];
  const first = await stage.startWorker();
  await acceptWitness(stage);
  await first.stop();
  // Open in the copy: its POST has not been dispatched yet.
  await stage.renders.start(open, CARD, SHORT);
  const copiedAt = new Date().toISOString();
  await stage.engine.restart(() => copyData(stage.folder, copy));

  const second = await stage.startWorker();
  const before = await Promise.all([asked, open].map((key) => stage.renders.render(key, CARD, SHORT)));
  await second.stop();
  await stage.engine.restart(() => copyData(copy, stage.folder));
  await expect(stage.renders.status(asked)).rejects.toMatchObject({ code: 'KeyNotFound' });

  await stage.startWorker({ RENDERONCE_LOOK_FROM: copiedAt });
  const after = await Promise.all([asked, open].map((key) => stage.renders.render(key, CARD, SHORT)));
  expect(await Promise.all([asked, open].map(movies))).toEqual([1, 1]);
  expect(after.map(({ project }) => project)).toEqual(before.map(({ project }) => project));
}, 240_000);
