import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { EngineError } from './engine-error.js';
import { ENGINE_LIMITS } from './limits.js';
import { isAlive } from './process-liveness.js';

const ownerRecord = z.object({
  /** The engine's process. */
  pid: z.int().positive(),
  /** The process that started it and will stop it. */
  owner: z.int().positive(),
  ip: z.string(),
  port: z.int().positive(),
  address: z.string(),
});

export type DatabaseOwner = z.infer<typeof ownerRecord>;

/**
 * Two dev servers on one database file do not notice each other, and work taken in by one never reaches a worker of
 * the other. So each engine leaves a note beside its file. A note counts only while its process lives: nothing has
 * to be cleaned up after a crash.
 *
 * Waits for an engine whose owner was killed, since its guard is about to end it.
 *
 * @throws EngineError `ENGINE_START_FAILED` if another engine has the file
 */
export async function awaitDatabase(dbFile: string): Promise<void> {
  const deadline = Date.now() + ENGINE_LIMITS.stopGraceMs + ENGINE_LIMITS.guardMarginMs;
  for (;;) {
    const record = await readOwner(dbFile);
    if (record === undefined || !isAlive(record.pid)) return;
    const isOver = Date.now() > deadline;
    if ((isAlive(record.owner) || isOver) && (await answers(record))) throw inUse(dbFile, record);
    // Alive and silent to the end: the system has given the process ID to something else.
    if (isOver) return;
    await sleep(ENGINE_LIMITS.takeoverPauseMs);
  }
}

/**
 * Of engines started on one file at the same moment each finds it free. So each leaves its note before it serves,
 * unless another serves already, and looks again when it serves (`confirmOwner`): the last note stands.
 *
 * @throws EngineError `ENGINE_START_FAILED` if another engine serves the file meanwhile
 */
export async function noteOwner(dbFile: string, record: DatabaseOwner): Promise<void> {
  const other = await readOwner(dbFile);
  if (other !== undefined && isAlive(other.pid) && (await answers(other))) throw inUse(dbFile, other);
  // In one step, so that no reader sees half a note.
  const draft = `${notePath(dbFile)}.${String(record.pid)}`;
  await writeFile(draft, `${JSON.stringify(record)}\n`);
  await rename(draft, notePath(dbFile));
}

/** @throws EngineError `ENGINE_START_FAILED` for the engine whose note was replaced by another's */
export async function confirmOwner(dbFile: string, pid: number): Promise<void> {
  const record = await readOwner(dbFile);
  if (record !== undefined && record.pid !== pid) throw inUse(dbFile, record);
}

export async function forgetOwner(dbFile: string, pid: number): Promise<void> {
  if ((await readOwner(dbFile))?.pid === pid) await rm(notePath(dbFile), { force: true });
}

function notePath(dbFile: string): string {
  return `${dbFile}.owner.json`;
}

/** An unreadable note is no note: the worst it can hide is an engine that a person started twice. */
async function readOwner(dbFile: string): Promise<DatabaseOwner | undefined> {
  try {
    return ownerRecord.parse(JSON.parse(await readFile(notePath(dbFile), 'utf8')));
  } catch {
    return undefined;
  }
}

function answers({ ip, port }: DatabaseOwner): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: ip, port, timeout: ENGINE_LIMITS.connectMs });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });
}

function inUse(dbFile: string, { pid, address }: DatabaseOwner): EngineError {
  return new EngineError('ENGINE_START_FAILED', {
    message: `The engine's database file ${dbFile} is in use by the engine at ${address} (process ${String(pid)}).`,
    next: 'Use that engine, stop it, or choose another database file.',
  });
}
