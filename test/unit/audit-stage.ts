import { afterEach, beforeEach } from 'vitest';
import { audit, type AuditReport, type AuditTerms, createJson2Video } from '../../src/audit/index.js';
import { type FakeJson2Video, startFakeJson2Video } from 'json2video-local';
import { EngineUnavailable, KeyNotFound } from '../../src/render/errors.js';
import { withMark } from '../../src/movie/movie.js';
import type { RenderState } from '../../src/render/state.js';
import type { ListedRender } from '../../src/starter/list.js';

export const MOVIE = { scenes: [{ duration: 5, elements: [{ type: 'text', text: 'x' }] }] };

/** Answers as the engine does about its runs, and counts the queries. */
class ScriptedRuns {
  readonly #runs = new Map<string, ListedRender>();
  readonly asked = { lists: 0, keys: [] as string[] };
  /** True if the index has caught up with the runs. */
  isIndexed = true;
  isAway = false;

  add(key: string, state: RenderState, project?: string): void {
    const startedAt = '2026-11-24T12:00:00.000Z';
    this.#runs.set(key, { key, state, startedAt, ...(project === undefined ? {} : { project }) });
  }

  async *list({ projects = [] }: { readonly projects?: readonly string[] | undefined } = {}) {
    this.asked.lists += 1;
    for (const run of this.isIndexed ? this.#runs.values() : []) {
      if (run.project !== undefined && projects.includes(run.project)) yield run;
    }
  }

  async status(key: string) {
    if (this.isAway) throw new EngineUnavailable('away');
    this.asked.keys.push(key);
    const run = this.#runs.get(key);
    if (run === undefined) throw new KeyNotFound('no such key', { key });
    return { ...run, attempts: 1 };
  }
}

/** A provider in this process with a fixed clock, and an engine with given answers. */
export class AuditStage {
  readonly fake: FakeJson2Video;
  readonly runs = new ScriptedRuns();
  readonly #json2video: ReturnType<typeof createJson2Video>;

  private constructor(fake: FakeJson2Video) {
    this.fake = fake;
    this.#json2video = createJson2Video({ url: fake.url, apiKey: fake.apiKey, now: () => fake.now() });
  }

  static async open(): Promise<AuditStage> {
    const startAt = '2026-11-24T12:00:00.000Z';
    return new AuditStage(
      await startFakeJson2Video({ startAt, fixedClock: true, cache: false, credits: 1e9 }),
    );
  }

  async close(): Promise<void> {
    await this.#json2video.close();
    await this.fake.close();
  }

  async post(movie: object): Promise<string> {
    const reply = await fetch(`${this.fake.url}/v2/movies`, {
      method: 'POST',
      headers: { 'x-api-key': this.fake.apiKey, 'content-type': 'application/json' },
      body: JSON.stringify(movie),
    });
    return ((await reply.json()) as { project: string }).project;
  }

  /** Posts a movie with our mark, one second after the movie before. */
  async postOurs(key: string, namespace: string = 'videos'): Promise<string> {
    this.fake.advance(1);
    return this.post(withMark(MOVIE, { key, fingerprint: 'a'.repeat(64), namespace }));
  }

  async postForeign(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) await this.post({ ...MOVIE, comment: String(index) });
  }

  /** Terms of an audit of the day. */
  get terms(): AuditTerms {
    return {
      json2video: this.#json2video,
      renders: this.runs,
      namespace: 'videos',
      retentionDays: 30,
      since: new Date('2026-11-24T00:00:00Z'),
      until: new Date('2026-11-25T00:00:00Z'),
      now: () => this.fake.now(),
    };
  }

  /** Audits the day, unless the terms say otherwise. */
  audit(terms: Partial<AuditTerms> = {}): Promise<AuditReport> {
    return audit({ ...this.terms, ...terms });
  }
}

/** Opens a new stage for every test of the file. */
export function auditStage(): () => AuditStage {
  let stage: AuditStage | undefined;
  beforeEach(async () => {
    stage = await AuditStage.open();
  });
  afterEach(() => stage?.close());
  return () => {
    if (stage === undefined) throw new Error('the stage is opened before each test');
    return stage;
  };
}
