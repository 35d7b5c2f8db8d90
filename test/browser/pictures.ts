import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import type { PICTURES } from './picture-names.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where pictures are written; nowhere in a run of the suite. */
    pictures: string | undefined;
  }
}

const SIZE_BYTES = 150_000;

/** A page of which a picture can be taken; it is at least so many pixels high. */
interface Pictured {
  picture(least: number): Promise<Buffer>;
}

/** Takes the picture of what the UI shows; it is kept where pictures are asked for. */
export async function takePicture(ui: Pictured, name: (typeof PICTURES)[number], least = 0): Promise<void> {
  const picture = await ui.picture(least);
  const folder = inject('pictures');
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${name}.png`), picture);
  }
  expect(picture.readUInt32BE(20)).toBeGreaterThan(400);
  expect(picture.length).toBeLessThan(SIZE_BYTES);
}
