import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { folderFault } from '../../engine/engine-error.js';
import { isAlive } from '../../engine/process-liveness.js';
import { ConfigInvalid } from '../../render/errors.js';
import { parseJson } from '../../text/json.js';
import { SECRET_BYTES } from '../../text/secret.js';

/** Settings that the next start in a data folder needs; secrets are among them. */
export const settingsSchema = z.object({
  /** Renders of the local JSON2Video must never count as renders of the real one, so a folder serves one of them. */
  provider: z.enum(['local', 'real']),
  RENDERONCE_WEBHOOK_SECRET: z.string().min(SECRET_BYTES),
  /** The engine's database was restored to its state at this ISO time. */
  RENDERONCE_LOOK_FROM: z.iso.datetime({ offset: true }).optional(),
  /** How often that has happened to this database. */
  restores: z.int().positive().optional(),
  /** Port at which the server listened last. */
  serverPort: z.int().positive().optional(),
  /** True while a restore replaces the database; it stays true if that was interrupted. */
  restoring: z.boolean().optional(),
});

/** Settings of a data folder. */
export type Settings = z.infer<typeof settingsSchema>;

/** What commands beside a running `up` or `dev` need. */
const runningSchema = z.object({
  pid: z.int().positive(),
  /** Address of its server. */
  url: z.string(),
  /** Environment variables that reach it; secrets are among them. */
  variables: z.record(z.string(), z.string()),
});

export type Running = z.infer<typeof runningSchema>;

/** The folder in which `up` and `dev` keep everything. Only its owner may read it. */
export class DataFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /** The engine's database. */
  get database(): string {
    return join(this.path, 'temporal.db');
  }

  /** Folder of the ledger of the local JSON2Video. */
  get ledger(): string {
    return join(this.path, 'json2video');
  }

  /** Lines of the tokens of the HTTP API, as `RENDERONCE_TOKENS` takes them. */
  get tokens(): string {
    return join(this.path, 'tokens');
  }

  get #settings(): string {
    return join(this.path, 'settings.json');
  }

  get #running(): string {
    return join(this.path, 'running.json');
  }

  /**
   * Reads the settings, or makes them at the first start.
   *
   * @throws ConfigInvalid if the folder serves the other provider, if a restore was interrupted, or if they are damaged
   */
  async open(provider: Settings['provider']): Promise<Settings> {
    const known = await this.read();
    if (known === undefined) {
      // An older `dev` left a ledger and no settings.
      if (provider === 'real' && existsSync(this.ledger)) throw this.#otherProvider('local');
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      const made = { provider, RENDERONCE_WEBHOOK_SECRET: secret };
      await this.write(made);
      return made;
    }
    if (known.provider !== provider) throw this.#otherProvider(known.provider);
    if (known.restoring === true) {
      throw new ConfigInvalid(
        `a restore into ${this.path} was interrupted, so its database may be missing`,
        'Run `renderonce restore` with the same file again.',
      );
    }
    return known;
  }

  /**
   * Reads the settings; returns nothing if there are none.
   *
   * @throws ConfigInvalid if they are damaged
   */
  async read(): Promise<Settings | undefined> {
    const text = await readFile(this.#settings, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw folderFault(error, this.path, ' by --data');
    });
    if (text === undefined) return undefined;
    const parsed = settingsSchema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new ConfigInvalid(
      `the settings in ${this.#settings} are damaged`,
      'Restore a backup into another folder (`renderonce restore FILE --data DIR`) and use that one.',
    );
  }

  write(settings: Settings): Promise<void> {
    return this.#replace(this.#settings, `${JSON.stringify(settings, null, 2)}\n`);
  }

  writeTokens(lines: string): Promise<void> {
    return this.#replace(this.tokens, `${lines}\n`);
  }

  writeRunning(running: Running): Promise<void> {
    return this.#replace(this.#running, `${JSON.stringify(running)}\n`);
  }

  async forgetRunning(): Promise<void> {
    await rm(this.#running, { force: true });
  }

  /** Returns what runs in the folder; undefined if nothing does. */
  running(): Running | undefined {
    const last = this.lastRunning();
    return last !== undefined && isAlive(last.pid) ? last : undefined;
  }

  /** Returns what runs in the folder, or ended there without an orderly stop. */
  lastRunning(): Running | undefined {
    try {
      return runningSchema.safeParse(parseJson(readFileSync(this.#running, 'utf8'))).data;
    } catch {
      return undefined;
    }
  }

  /** Replaces a file in one step, which also a power cut does not tear. */
  async #replace(path: string, text: string): Promise<void> {
    try {
      await mkdir(this.path, { recursive: true, mode: 0o700 });
      const draft = `${path}.${String(process.pid)}`;
      const file = await open(draft, 'w', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
    } catch (error) {
      throw folderFault(error, this.path, ' by --data');
    }
  }

  #otherProvider(provider: Settings['provider']): ConfigInvalid {
    const [is, other] =
      provider === 'local'
        ? ['the local JSON2Video', 'the real one']
        : ['the real JSON2Video', 'the local one'];
    return new ConfigInvalid(
      `the data folder ${this.path} belongs to ${is}, and a render of one must never count as a render of ${other}`,
      'Give another folder by --data.',
    );
  }
}
