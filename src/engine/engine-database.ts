import { createHash } from 'node:crypto';
import { lstat, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { isAnswered, isHeld } from './answers.js';
import { EngineError } from './engine-error.js';
import { EngineLocked, type EngineProcess, killToTheEnd } from './engine-process.js';
import { ENGINE_LIMITS } from './limits.js';
import { isAlive, isRunning } from './process-liveness.js';
import { whileLocked } from './start-lock.js';

const ownerRecord = z.object({
  /** The engine's process. */
  pid: z.int().positive(),
  /** The process that started it and will stop it. */
  owner: z.int().positive(),
  ip: z.string(),
  port: z.int().positive(),
  address: z.string(),
});

type DatabaseOwner = z.infer<typeof ownerRecord>;

/** Time in which the guard of an owner that has just ended stops its engine, and gives the lock back. */
const UNLOCK_MS = ENGINE_LIMITS.stopGraceMs + ENGINE_LIMITS.guardMarginMs;

/** Most bytes of the name of a socket: its path has at most 104, and the guard adds a few to it. */
const LOCK_NAME_BYTES = 80;

/** The database file of an engine. Two engines on one file would not notice each other, so only one may have it. */
export class EngineDatabase {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Runs one start at a time on the file, among all processes, and only if no engine has the file: tasks of one engine never
   * reach a worker of the other.
   *
   * @throws EngineError `ENGINE_START_FAILED` if another engine has the file
   */
  async startAlone<T>(start: () => Promise<T>): Promise<T> {
    return whileLocked(`${this.#file}.starting`, async () => {
      await this.#awaitFree();
      return start();
    });
  }

  /**
   * Runs work on the file that no engine has, and keeps engines away meanwhile.
   *
   * @throws EngineError `ENGINE_START_FAILED` if an engine has the file, in whatever PID namespace
   */
  async whileFree<T>(work: () => Promise<T>): Promise<T> {
    return this.startAlone(async () => {
      if (await isHeld(join(dirname(this.#file), this.lockName))) throw this.#inUse(await this.#readOwner());
      return work();
    });
  }

  /**
   * Checks the note that each engine leaves beside its file, which counts only while its process lives: a crash needs no
   * clean-up. Waits for an engine whose owner was killed, since its guard is about to end it; if the guard was killed as
   * well, ends it here.
   */
  async #awaitFree(): Promise<void> {
    const deadline = Date.now() + ENGINE_LIMITS.stopGraceMs + ENGINE_LIMITS.guardMarginMs;
    for (;;) {
      const record = await this.#readOwner();
      if (record === undefined || !isAlive(record.pid)) return;
      const isOver = Date.now() > deadline;
      const isOwned = isAlive(record.owner);
      if (isOver && !isOwned && this.#isEngine(record)) return killToTheEnd(record.pid);
      if ((isOwned || isOver) && (await isAnswered(record))) throw this.#inUse(record);
      // A process that lives and never answers has got the ID of an ended engine.
      if (isOver) return;
      await sleep(ENGINE_LIMITS.takeoverPauseMs);
    }
  }

  /** True if the process is the engine of this file, and no other process that has got its ID. */
  #isEngine({ pid, port }: DatabaseOwner): boolean {
    const words = [`--port ${port} --ui-port`, `--db-filename ./${basename(this.#file)} `];
    return isRunning(pid, words, dirname(this.#file));
  }

  /** Name of the socket that locks the file, beside it. */
  get lockName(): string {
    const name = `${basename(this.#file)}.lock`;
    if (Buffer.byteLength(name) <= LOCK_NAME_BYTES) return name;
    return `${createHash('sha256').update(name).digest('hex').slice(0, 16)}.lock`;
  }

  /**
   * Starts an engine that locks the file, and waits a moment for a lock that is about to be free.
   *
   * @throws EngineError `ENGINE_START_FAILED` if another engine holds it, in whatever PID namespace
   */
  async startLocked(start: () => Promise<EngineProcess>): Promise<EngineProcess> {
    for (const deadline = Date.now() + UNLOCK_MS; ;) {
      try {
        return await start();
      } catch (error) {
        if (!(error instanceof EngineLocked)) throw error;
        if (Date.now() > deadline) throw this.#inUse(await this.#readOwner());
      }
      await sleep(ENGINE_LIMITS.takeoverPauseMs);
    }
  }

  /**
   * Leaves the note of an engine before it serves. Engines that start on one file at the same moment all find it free, so
   * each reads the note again when it serves (`confirm`): the last note counts.
   *
   * @throws EngineError `ENGINE_START_FAILED` if another engine serves the file meanwhile
   */
  async note(record: DatabaseOwner): Promise<void> {
    const other = await this.#readOwner();
    if (other !== undefined && isAlive(other.pid) && (await isAnswered(other))) throw this.#inUse(other);
    // A rename is one step, so no reader sees half a note.
    const draft = `${this.#notePath}.${String(record.pid)}`;
    await writeFile(draft, `${JSON.stringify(record)}\n`);
    await rename(draft, this.#notePath);
  }

  /**
   * Checks that an engine's note is still there, and its socket.
   *
   * @throws EngineError `ENGINE_START_FAILED` if another engine has replaced one of them
   */
  async confirm({ pid, lock }: EngineProcess): Promise<void> {
    const record = await this.#readOwner();
    const isOurs = record === undefined || record.pid === pid;
    const inode = await lstat(join(dirname(this.#file), this.lockName)).then(
      ({ ino }) => ino,
      () => undefined,
    );
    if (!isOurs || (lock !== undefined && inode !== lock)) throw this.#inUse(record);
  }

  /** Removes the note of an engine that has ended. */
  async forget(pid: number): Promise<void> {
    if ((await this.#readOwner())?.pid === pid) await rm(this.#notePath, { force: true });
  }

  get #notePath(): string {
    return `${this.#file}.owner.json`;
  }

  /** Reads the note. An unreadable note is no note: at worst it hides an engine that a person started twice. */
  async #readOwner(): Promise<DatabaseOwner | undefined> {
    try {
      return ownerRecord.parse(JSON.parse(await readFile(this.#notePath, 'utf8')));
    } catch {
      return undefined;
    }
  }

  #inUse(record: DatabaseOwner | undefined): EngineError {
    const other =
      record === undefined
        ? 'another engine'
        : `the engine at ${record.address} (process ${String(record.pid)})`;
    return new EngineError('ENGINE_START_FAILED', {
      message: `The engine's database file ${this.#file} is in use by ${other}.`,
      next: 'Use that engine, stop it, or choose another database file.',
    });
  }
}
