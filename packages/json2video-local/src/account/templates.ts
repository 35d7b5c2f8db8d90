import type { JsonObject } from '../json.js';
import { isJsonObject, parsedJson } from '../json.js';
import { MAX_TEMPLATES } from '../limits.js';

/** A template as the account would hold it, under its 20-character ID. */
export interface FakeTemplate {
  readonly movie: JsonObject;
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly prompt?: string;
  /** In the public library too. */
  readonly published?: boolean;
  /** How reads show the movie; both occur at the provider. Default `string`. */
  readonly movieAs?: 'string' | 'object';
}

/** A stored template. Times are milliseconds since the epoch, by the fake's clock. */
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

export type TemplateChanges = Partial<Pick<StoredTemplate, 'name' | 'tags' | 'prompt' | 'movie'>>;

/** The account's templates. */
export class Templates {
  readonly #byId = new Map<string, StoredTemplate>();

  constructor(initial: Readonly<Record<string, FakeTemplate>>, nowMs: number) {
    for (const [id, template] of Object.entries(initial)) this.put(id, template, nowMs);
  }

  get(id: string): StoredTemplate | undefined {
    return this.#byId.get(id);
  }

  get isFull(): boolean {
    return this.#byId.size >= MAX_TEMPLATES;
  }

  /** The one that was changed last comes first. */
  all(): StoredTemplate[] {
    return [...this.#byId.values()].toSorted((one, other) => other.updatedAtMs - one.updatedAtMs);
  }

  put(id: string, template: FakeTemplate, nowMs: number): StoredTemplate {
    const { movie, name = id, tags = [], prompt = '', published = false, movieAs = 'string' } = template;
    const stored = { id, name, tags, prompt, movie, movieAs, published };
    return this.#store({ ...stored, createdAtMs: nowMs, updatedAtMs: nowMs });
  }

  /** What is not among the changes stays; the movie is replaced as a whole. */
  update(template: StoredTemplate, changes: TemplateChanges, nowMs: number): StoredTemplate {
    return this.#store({ ...template, ...changes, updatedAtMs: nowMs });
  }

  remove(id: string): void {
    this.#byId.delete(id);
  }

  #store(template: StoredTemplate): StoredTemplate {
    this.#byId.set(template.id, template);
    return template;
  }
}

/** Movies of templates are sent as objects and as text. */
export function templateMovieOf(value: unknown): JsonObject | undefined {
  const movie = typeof value === 'string' ? parsedJson(value) : value;
  return isJsonObject(movie) ? movie : undefined;
}
