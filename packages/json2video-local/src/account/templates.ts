import type { JsonObject } from '../json.js';
import { isJsonObject, parsedJson } from '../json.js';

/** Templates of one account: the server holds each in memory. */
const MAX_TEMPLATES = 10_000;

/** A template as the account would hold it, under its 20-character ID. */
export interface FakeTemplate {
  readonly movie: JsonObject;
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly prompt?: string;
  /** True if it is in the public library too. */
  readonly published?: boolean;
  /** Form of the movie in replies; both occur at the provider. Default `string`. */
  readonly movieAs?: 'string' | 'object';
}

/** A stored template. Times are milliseconds since the epoch, by the server's clock. */
export interface StoredTemplate {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly prompt: string;
  readonly movie: JsonObject;
  readonly movieAs: 'string' | 'object';
  readonly published: boolean;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** Fields of a template to change. */
export type TemplateChanges = Partial<Pick<StoredTemplate, 'name' | 'tags' | 'prompt' | 'movie'>>;

/** The account's templates. */
export class Templates {
  readonly #byId = new Map<string, StoredTemplate>();

  /** Called after every change, with null for a deleted template, and with the option that a template comes from. */
  onChange: (id: string, template: StoredTemplate | null, option?: string) => void = () => undefined;

  get(id: string): StoredTemplate | undefined {
    return this.#byId.get(id);
  }

  get isFull(): boolean {
    return this.#byId.size >= MAX_TEMPLATES;
  }

  /** Returns all, the last changed one first. */
  all(): StoredTemplate[] {
    return [...this.#byId.values()].toSorted((one, other) => other.updatedAtMs - one.updatedAtMs);
  }

  /** @param option the option that it comes from, as JSON */
  put(id: string, template: FakeTemplate, nowMs: number, option?: string): StoredTemplate {
    const { movie, name = id, tags = [], prompt = '', published = false, movieAs = 'string' } = template;
    const stored = { id, name, tags, prompt, movie, movieAs, published };
    return this.#store({ ...stored, createdAtMs: nowMs, updatedAtMs: nowMs }, option);
  }

  /** Changes some fields; the movie is replaced as a whole. */
  update(template: StoredTemplate, changes: TemplateChanges, nowMs: number): StoredTemplate {
    return this.#store({ ...template, ...changes, updatedAtMs: nowMs });
  }

  remove(id: string): void {
    this.#byId.delete(id);
    this.onChange(id, null);
  }

  /** Brings back the template of an earlier run; null if it was deleted. */
  restore(id: string, template: StoredTemplate | null): void {
    this.#byId.delete(id);
    if (template !== null) this.#byId.set(id, template);
  }

  #store(template: StoredTemplate, option?: string): StoredTemplate {
    this.restore(template.id, template);
    this.onChange(template.id, template, option);
    return template;
  }
}

/** Reads the movie of a template, which clients send as an object or as text. */
export function templateMovieOf(value: unknown): JsonObject | undefined {
  const movie = typeof value === 'string' ? parsedJson(value) : value;
  return isJsonObject(movie) ? movie : undefined;
}
