import type { IncomingMessage } from 'node:http';
import type { CacheHabit } from './habits.js';
import type { Reply } from './reply.js';

/** The HTTP cache in front of the provider. It keeps good replies to GETs, for each key by itself. */
export class Cache {
  readonly #habit: CacheHabit | 'none';
  readonly #kept = new Map<string, { readonly reply: Reply; readonly atMs: number }>();

  constructor(habit: CacheHabit | 'none') {
    this.#habit = habit;
  }

  through(request: IncomingMessage, read: () => Reply): Reply {
    if (this.#habit === 'none') return read();
    const { ttlMs, obeysNoCache, tellsAge } = this.#habit;
    const about = `${String(request.headers['x-api-key'])} ${request.url}`;
    const kept = this.#kept.get(about);
    const wantsNew = /no-cache|no-store|max-age=0/.test(request.headers['cache-control'] ?? '');
    const ageMs = Date.now() - (kept?.atMs ?? 0);
    if (kept !== undefined && ageMs < ttlMs && !(obeysNoCache && wantsNew)) {
      const age = { age: String(Math.floor(ageMs / 1_000)) };
      return { ...kept.reply, headers: { ...kept.reply.headers, ...(tellsAge ? age : {}) } };
    }
    const reply = read();
    if (reply.status === 200) this.#kept.set(about, { reply, atMs: Date.now() });
    return reply;
  }
}
