import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { NewFile, VideoStore } from './video-store.js';

/** Ending of a file that is being written. */
const PART = '.part';

/** Codes of file systems without hard links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** Creates a store in a folder. Workers on several machines need one folder that all of them share. */
export function createFolderStore(
  folder: string,
  publicUrl: (path: string) => string | undefined,
): VideoStore {
  const fileOf = (path: string): string => join(folder, path);
  return {
    address: pathToFileURL(folder).href.replace(/\/+$/, ''),
    create: (path, content, file) => inWords(folder, () => createFile(fileOf(path), content, file)),
    sizeOf: (path) => inWords(folder, () => sizeOf(fileOf(path))),
    read: (path, range) =>
      inWords(folder, async () => {
        const file = fileOf(path);
        await stat(file);
        return range === undefined
          ? createReadStream(file)
          : createReadStream(file, { start: range.first, end: range.last });
      }),
    remove: (path) => inWords(folder, () => rm(fileOf(path), { force: true })),
    publicUrl,
    close: () => undefined,
  };
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes beside the final name, and gives the name when all bytes are on the disk. */
async function createFile(
  file: string,
  content: AsyncIterable<Uint8Array>,
  { signal }: NewFile,
): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true });
  await removeParts(file);
  const part = join(dirname(file), `.${basename(file)}.${randomUUID()}${PART}`);
  try {
    const handle = await open(part, 'wx');
    try {
      for await (const bytes of content) {
        signal?.throwIfAborted();
        await handle.appendFile(bytes);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    const isNew = await giveName(part, file);
    await syncFolder(dirname(file));
    return isNew;
  } finally {
    await rm(part, { force: true });
  }
}

/** Removes what killed workers have left. An attempt that is still alive then fails, and is made again. */
async function removeParts(file: string): Promise<void> {
  const left = (await readdir(dirname(file))).filter(
    (name) => name.startsWith(`.${basename(file)}.`) && name.endsWith(PART),
  );
  await Promise.all(left.map((name) => rm(join(dirname(file), name), { force: true })));
}

/** Gives a written file its name, unless the name is taken: a hard link never replaces a file, as a rename does. */
async function giveName(part: string, file: string): Promise<boolean> {
  try {
    await link(part, file);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return false;
    if (!NO_LINKS.includes(code)) throw error;
  }
  if ((await sizeOf(file)) !== undefined) return false;
  await rename(part, file);
  return true;
}

/** The name is on the disk only when the folder is; some systems cannot do that with folders. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

const FOLDER_FAULTS: Readonly<Record<string, string>> = {
  ENOSPC: 'is full: make room, or let RENDERONCE_KEEP name another folder',
  EDQUOT: 'has reached its quota: make room, or let RENDERONCE_KEEP name another folder',
  EACCES: 'cannot be used: give the user of this process the right to write there',
  EROFS: 'is read-only: mount it so that it can be written',
  ENOTDIR: 'is no folder: correct RENDERONCE_KEEP',
};

/** Runs one step; a fault of the folder is named with its fix. */
async function inWords<T>(folder: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const fault = FOLDER_FAULTS[codeOf(error)];
    if (fault === undefined) throw error;
    throw new Error(`the folder ${folder} ${fault} (${codeOf(error)})`, { cause: error });
  }
}
