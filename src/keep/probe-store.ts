import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { addressOf, type VideoStore } from './video-store.js';

/** Result of a probe of a store. */
interface StoreProbe {
  /** False if a store writes a file twice: then two workers may write a video at the same time. */
  readonly isCreateOnce: boolean;
}

/** Writes a small object, reads it, tries to write it again, and deletes it. Throws at the first step that fails. */
export async function probeStore(store: VideoStore): Promise<StoreProbe> {
  const path = `renderonce-probe/${randomUUID()}.txt`;
  const text = Buffer.from(`written by renderonce doctor, and deleted again: ${path}\n`, 'utf8');
  const file = { contentType: 'text/plain', sizeBytes: text.length };
  if (!(await store.create(path, Readable.from([text]), file))) {
    throw new Error(`${addressOf(store, path)} is there before it is written`);
  }
  try {
    const sizeBytes = await store.sizeOf(path);
    if (sizeBytes !== text.length) {
      throw new Error(
        `${addressOf(store, path)} has ${sizeBytes ?? 'no'} bytes, and ${text.length} were written`,
      );
    }
    const found = Buffer.concat(await (await store.read(path)).toArray());
    if (!found.equals(text)) throw new Error(`${addressOf(store, path)} holds other bytes than were written`);
    return { isCreateOnce: !(await store.create(path, Readable.from([text]), file)) };
  } finally {
    await store.remove(path);
  }
}
