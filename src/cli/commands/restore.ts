import { existsSync } from 'node:fs';
import { copyFile, mkdir, open, rename } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { EngineDatabase } from '../../engine/index.js';
import { ConfigInvalid } from '../../render/errors.js';
import { earliestOf } from '../../render/look-times.js';
import { type CommonOptions, newCommand, run } from '../command.js';
import { DataFolder } from '../local/data-folder.js';
import { dataOption } from '../local/find-running.js';
import { readNote } from './backup.js';

interface RestoreOptions extends CommonOptions {
  readonly data: string;
}

/** Creates `renderonce restore`, which puts a backup back in place of the data of `up` or `dev`. */
export function restoreCommand(): Command {
  return newCommand('restore', [
    'restore /backups/renderonce-monday.db',
    'restore today.db --data /var/lib/renderonce',
  ])
    .argument('<file>', 'a file that `renderonce backup` wrote')
    .addOption(dataOption('the folder of `up` or `dev`, which must not run'))
    .action((file: string, options: RestoreOptions) =>
      run(options, async (output) => {
        const folder = new DataFolder(options.data);
        const { lookFrom, replaced } = await restore(resolve(file), folder);
        output.result({ file: resolve(file), data: folder.path, lookFrom, replaced }, [
          `${folder.path} is as it was at ${lookFrom}; what was sent since is looked for before anything is sent again`,
          ...(replaced === undefined ? [] : [`the replaced database is kept: ${replaced}*`]),
          'next: start `renderonce up`, and let callers ask again for everything since then',
        ]);
      }),
    );
}

interface Restored {
  readonly lookFrom: string;
  /** Path of the database that was there, without the ends of its three files. */
  readonly replaced: string | undefined;
}

async function restore(file: string, folder: DataFolder): Promise<Restored> {
  const { takenAt, settings, tokens } = await readNote(file);
  const known = await folder.read();
  if (known !== undefined && known.provider !== settings.provider) {
    throw new ConfigInvalid(
      `the backup is of the ${settings.provider} JSON2Video, and ${folder.path} belongs to the ${known.provider} one`,
      'Give another folder by --data.',
    );
  }
  await mkdir(folder.path, { recursive: true, mode: 0o700 });
  // An engine that was restored before does not know either what was sent after that earlier backup.
  const lookFrom = earliestOf(takenAt, settings.RENDERONCE_LOOK_FROM);
  return new EngineDatabase(folder.database).whileFree(async () => {
    // Its engine is down, and it is about to start another, with a worker that knows of no restore.
    const running = folder.running();
    if (running !== undefined) throw stillRuns(folder, running.pid);
    const next = { ...settings, RENDERONCE_LOOK_FROM: lookFrom, restores: (settings.restores ?? 0) + 1 };
    // An interruption must leave no engine that forgets keys and does not know it.
    await folder.write({ ...next, restoring: true });
    if (tokens !== undefined && !existsSync(folder.tokens)) await folder.writeTokens(tokens.trim());
    const replaced = await replaceDatabase(folder.database, file);
    await folder.write(next);
    return { lookFrom, replaced };
  });
}

function stillRuns({ path }: DataFolder, pid: number): ConfigInvalid {
  return new ConfigInvalid(
    `\`up\` or \`dev\` runs in ${path} (process ${pid})`,
    'Stop it first, with its service if it has one. If that process is another program, remove running.json in the folder.',
  );
}

/** Puts a copy of the file in place of the database, which is kept under another name. */
async function replaceDatabase(database: string, file: string): Promise<string | undefined> {
  const draft = `${database}.restored`;
  await copyFile(file, draft);
  const copy = await open(draft, 'r+');
  await copy.sync();
  await copy.close();
  const aside = `${database}.replaced-${new Date().toISOString().replaceAll(':', '-')}`;
  const isReplacing = existsSync(database);
  // Changes that are still in the log belong to the old database.
  for (const end of ['', '-wal', '-shm']) {
    if (existsSync(database + end)) await rename(database + end, aside + end);
  }
  await rename(draft, database);
  return isReplacing ? aside : undefined;
}
