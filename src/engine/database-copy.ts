import { rm } from 'node:fs/promises';
import { ConfigInvalid } from '../render/errors.js';
import { shorten } from '../text/text.js';
import { engineEnvironment, type Environment, runCommand } from './executables.js';

/**
 * Programs that use SQLite: for Node where it has the module with online backups, else for Python. Both take an action,
 * a file, and for `copy` the target and a note. `read` prints the note of a copy that is whole. Code 9: no such module.
 */
const NODE_SCRIPT = `
'use strict';
const [action, file, target, note] = process.argv.slice(1);
let sqlite;
try { sqlite = require('node:sqlite'); } catch {}
if (typeof sqlite?.backup !== 'function') process.exit(9);
const open = (path, more = {}) => new sqlite.DatabaseSync(path, more);
const copy = async () => {
  const source = open(file);
  await sqlite.backup(source, target, { rate: 2 ** 31 - 1 });
  source.close();
  const made = open(target);
  made.exec('PRAGMA journal_mode=DELETE; DROP TABLE IF EXISTS renderonce_backup; CREATE TABLE renderonce_backup (note TEXT)');
  made.prepare('INSERT INTO renderonce_backup VALUES (?)').run(note);
  made.close();
};
const read = () => {
  const made = open(file, { readOnly: true });
  const [found] = Object.values(made.prepare('PRAGMA quick_check').get());
  if (found !== 'ok') throw new Error(found);
  process.stdout.write(made.prepare('SELECT note FROM renderonce_backup').get().note);
};
Promise.resolve().then(action === 'copy' ? copy : read).catch((error) => {
  process.stderr.write(error.message);
  process.exit(1);
});
`;

const PYTHON_SCRIPT = `
import sys
try:
    import sqlite3
    from pathlib import Path
    sqlite3.Connection.backup
except Exception:
    sys.exit(9)
action, file, target, note = sys.argv[1:]
def open_file(path, mode):
    return sqlite3.connect(Path(path).absolute().as_uri() + '?mode=' + mode, uri=True, timeout=60)
try:
    if action == 'copy':
        source, made = open_file(file, 'rw'), open_file(target, 'rwc')
        source.backup(made)
        source.close()
        made.execute('PRAGMA journal_mode=DELETE')
        made.execute('DROP TABLE IF EXISTS renderonce_backup')
        made.execute('CREATE TABLE renderonce_backup (note TEXT)')
        made.execute('INSERT INTO renderonce_backup VALUES (?)', [note])
        made.commit()
        made.close()
    else:
        made = open_file(file, 'ro')
        found = made.execute('PRAGMA quick_check').fetchone()[0]
        if found != 'ok':
            raise Exception(found)
        sys.stdout.write(made.execute('SELECT note FROM renderonce_backup').fetchone()[0])
except Exception as error:
    sys.stderr.write(str(error))
    sys.exit(1)
`;

/** A copy of 10 GB takes some minutes. */
const COPY_MS = 3_600_000;

/** Exit code of a program that lacks SQLite. */
const NO_SQLITE = 9;

interface SqliteCall {
  readonly action: 'copy' | 'read';
  readonly file: string;
  readonly target?: string;
  readonly note?: string;
}

/**
 * Copies the database of an engine that may run, as it was at one moment not before this call, with a note in it.
 *
 * @throws ConfigInvalid; the target does not exist then
 */
export async function copyDatabase(
  file: string,
  target: string,
  { note, env }: { readonly note: string; readonly env: Environment },
): Promise<void> {
  try {
    await useSqlite(
      { action: 'copy', file, target, note },
      env,
      `The database ${file} cannot be copied to ${target}`,
    );
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
}

/**
 * Checks that a copy is whole, and returns its note.
 *
 * @throws ConfigInvalid
 */
export function readCopiedNote(file: string, env: Environment): Promise<string> {
  return useSqlite({ action: 'read', file }, env, `${file} is no whole backup`);
}

async function useSqlite(call: SqliteCall, env: Environment, fault: string): Promise<string> {
  const { action, file, target = '', note = '' } = call;
  const words = [action, file, target, note];
  const programs = [
    [process.execPath, '--no-warnings', '-e', NODE_SCRIPT, '--'],
    ['python3', '-c', PYTHON_SCRIPT],
  ] as const;
  for (const [program, ...args] of programs) {
    const options = { env: engineEnvironment(env), timeoutMs: COPY_MS };
    const { succeeded, exitCode, stdout, stderr } = await runCommand(program, [...args, ...words], options);
    if (succeeded) return stdout;
    if (exitCode === NO_SQLITE || exitCode === undefined) continue;
    throw new ConfigInvalid(
      `${fault}: ${shorten(stderr)}`,
      'Check path, rights and free space, and try again.',
    );
  }
  throw new ConfigInvalid(
    `${fault}: neither this Node nor Python 3 has SQLite`,
    'Use Node 22.16 or newer, or install Python 3 with its module sqlite3.',
  );
}
