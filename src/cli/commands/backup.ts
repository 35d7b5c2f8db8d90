import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { copyDatabase, readCopiedNote } from '../../engine/index.js';
import { ConfigInvalid } from '../../render/errors.js';
import { parseJson } from '../../text/json.js';
import { messageOf } from '../../text/text.js';
import { type CommonOptions, newCommand, run } from '../command.js';
import { DataFolder, settingsSchema } from '../local/data-folder.js';
import { dataOption } from '../local/find-running.js';

interface BackupOptions extends CommonOptions {
  readonly data: string;
}

/** What a backup holds beside the database. */
const noteSchema = z.object({
  /** ISO time at which the backup began: renders that started later are not in it. */
  takenAt: z.iso.datetime(),
  settings: settingsSchema,
  /** Lines of the tokens of the HTTP API. */
  tokens: z.string().optional(),
});

/** Creates `renderonce backup`, which copies the data of `up` or `dev` while it runs. */
export function backupCommand(): Command {
  return newCommand('backup', [
    'backup /backups/renderonce-monday.db',
    'backup today.db --data /var/lib/renderonce',
  ])
    .argument('<file>', 'the file to write; an earlier backup there is replaced when the new one is whole')
    .addOption(dataOption('the folder of `up` or `dev`'))
    .action((file: string, options: BackupOptions) =>
      run(options, async (output) => {
        const target = resolve(file);
        const { takenAt } = await backUp(new DataFolder(options.data), target);
        const { size: sizeBytes } = await stat(target);
        const lines = [
          `${file}: ${Math.ceil(sizeBytes / 1_000_000)} MB, the state at ${takenAt}`,
          '  it holds movies and secrets, and nothing of a local JSON2Video',
        ];
        output.result({ file: target, takenAt, sizeBytes }, lines);
      }),
    );
}

async function backUp(folder: DataFolder, target: string): Promise<{ readonly takenAt: string }> {
  const settings = await folder.read();
  if (settings === undefined) {
    throw new ConfigInvalid(
      `there is no data of \`renderonce up\` in ${folder.path}`,
      'Give its folder by --data.',
    );
  }
  await refuseForeignFile(target);
  // Before the copy begins, so that looks miss nothing.
  const takenAt = new Date().toISOString();
  const tokens = await readFile(folder.tokens, 'utf8').catch(() => undefined);
  const note = JSON.stringify({ takenAt, settings, tokens });
  const draft = join(dirname(target), `.renderonce-backup-${process.pid}`);
  try {
    await makePrivate(draft);
    await copyDatabase(folder.database, draft, { note, env: process.env });
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
  return { takenAt };
}

/** Only its owner may read it, from the first byte on. */
async function makePrivate(path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw new ConfigInvalid(
      `the backup cannot be written: ${messageOf(error)}`,
      'Give a file in a folder that this user may write.',
    );
  });
  await file.close();
}

/** A mistyped name must not replace a database or anything else. */
async function refuseForeignFile(target: string): Promise<void> {
  const exists = await stat(target).then(
    () => true,
    () => false,
  );
  if (!exists) return;
  await readNote(target).catch(() => {
    throw new ConfigInvalid(`${target} exists and is no backup`, 'Give another name.');
  });
}

/**
 * Checks that a backup is whole, and returns what it holds beside the database.
 *
 * @throws ConfigInvalid
 */
export async function readNote(file: string): Promise<z.infer<typeof noteSchema>> {
  const note = noteSchema.safeParse(parseJson(await readCopiedNote(file, process.env)));
  if (note.success) return note.data;
  throw new ConfigInvalid(
    `${file} is no backup of \`renderonce backup\``,
    'Give a file that this command wrote.',
  );
}
