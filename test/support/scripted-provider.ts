import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Client } from '@temporalio/client';
import type { Json2Video } from '../../src/json2video/client.js';
import { type MovieReply, movieReply } from '../../src/json2video/movie-reply.js';
import type { JsonObject } from '../../src/text/json.js';
import type { Reading } from '../../src/render/reading.js';
import type { SubmissionEvidence } from '../../src/render/submission.js';
import type { AcceptedRun, IndexedRun, RenderIndex } from '../../src/temporal/render-index.js';

export interface Held {
  readonly movie: MovieReply;
  /** When it shows in the list, on the engine's clock. */
  readonly listedAtMs: number;
}

/** The engine's clock. */
type Clock = Pick<TestWorkflowEnvironment, 'currentTimeMs'>;

export type Answer = (movie: JsonObject) => Promise<SubmissionEvidence> | SubmissionEvidence;

/**
 * A provider on the engine's skipped clock: what each POST meets is scripted, what it accepted stands in its list. It
 * is no substitute for the local JSON2Video, whose clock runs in real time.
 */
export class ScriptedProvider implements Json2Video {
  account = 'a0a0a0a0a0a0';
  /** A render of this account that the engine knows as accepted, as every account has one that is not new. */
  witness: AcceptedRun | undefined = { key: 'witness', project: 'witness000000000', startedAtMs: Date.now() };
  /** True if the list shows the witness. */
  listsWitness = true;
  isListBroken = false;
  /** `RENDERONCE_LOOK_FROM` of its workers. */
  lookFrom: string | undefined;
  /** The renders that the engine's index shows as accepted by an account. */
  acceptedBy = (account: string): readonly AcceptedRun[] =>
    this.witness !== undefined && account === this.account ? [this.witness] : [];
  /** The closed runs of the key, as the engine's index shows them. */
  closedRuns: readonly IndexedRun[] = [];
  /** What the next POSTs meet, in order; accepted when the script is over. */
  readonly script: Answer[] = [];
  readonly accepted: Held[] = [];
  readonly looks: number[] = [];
  posts: { readonly atMs: number }[] = [];
  /** What the template of a render holds. */
  template: Json2Video['template'] = async () => ({ own: {} });
  /** No worker asks for these. */
  templates: Json2Video['templates'] = async () => ({ status: 404, body: '' });
  /** The movies of all POSTs, as they were sent. */
  readonly sent: JsonObject[] = [];
  reading: (project: string) => Reading = () => ({ says: 'done', video: VIDEO });
  /** Lasts as long as the handshake before a POST. */
  connecting: () => Promise<void> = async () => undefined;
  #clock: Clock | undefined;

  useClock(clock: Clock): void {
    this.#clock = clock;
  }

  async now(): Promise<number> {
    return (await this.#clock?.currentTimeMs()) ?? 0;
  }

  /** Takes the movie in, and lists it `lagMs` later. */
  async accept(movie: JsonObject, lagMs = 0): Promise<string> {
    const now = await this.now();
    const project = `project${String(this.accepted.length + 1).padStart(9, '0')}`;
    const reply = movieReply.parse({
      project,
      created_at: new Date(now).toISOString(),
      'client-data': movie['client-data'],
    });
    this.accepted.push({ movie: reply, listedAtMs: now + lagMs });
    return project;
  }

  async submit(movie: JsonObject, terms: Parameters<Json2Video['submit']>[1]): Promise<SubmissionEvidence> {
    if (!terms.mayBegin()) throw new Error('the attempt began too late');
    await this.connecting();
    try {
      await terms.fence();
    } catch (error) {
      return { from: 'connection', bytesMayHaveLeft: false, message: String(error) };
    }
    this.posts.push({ atMs: await this.now() });
    this.sent.push(movie);
    const answer = this.script.shift();
    return answer === undefined ? this.replyAccepted(await this.accept(movie)) : answer(movie);
  }

  async replyAccepted(project: string): Promise<SubmissionEvidence> {
    return httpReply(200, { success: true, project }, new Date(await this.now()).toISOString());
  }

  async read(project: string): Promise<Reading> {
    return this.reading(project);
  }

  async *list(_since: Date): AsyncGenerator<readonly MovieReply[]> {
    const now = await this.now();
    this.looks.push(now);
    if (this.isListBroken) throw new Error('HTTP 502');
    if (this.witness !== undefined && this.listsWitness) yield [markedMovie(this.witness)];
    yield this.accepted.filter((held) => held.listedAtMs <= now).map((held) => held.movie);
  }

  async find(project: string): Promise<MovieReply | undefined> {
    return this.accepted.map((held) => held.movie).find((movie) => movie.project === project);
  }

  async probe(): Promise<Awaited<ReturnType<Json2Video['probe']>>> {
    return { says: 'accepted', message: 'HTTP 200' };
  }

  /** The index of the engine of a client; the time-skipping engine has none. */
  readonly indexOf = (client: Client): RenderIndex => ({
    acceptedBy: async (account) => this.acceptedBy(account),
    runsOf: async (key) => {
      const { runId, startTime } = await client.workflow.getHandle(key).describe();
      const own = { runId, startedAtMs: startTime.getTime(), endedFromOutside: false };
      return [...this.closedRuns, own];
    },
  });

  async close(): Promise<void> {}
}

export function httpReply(
  status: number,
  body: unknown,
  at = '2026-11-24T00:00:00.000Z',
): SubmissionEvidence {
  return { from: 'reply', status, body: JSON.stringify(body), complete: true, at };
}

export const LOST: SubmissionEvidence = {
  from: 'connection',
  bytesMayHaveLeft: true,
  message: 'socket hang up',
};

/** Its file is there for seven days, so it has just been made. */
export const VIDEO = {
  url: 'https://assets.example.com/clients/c/renders/2026-11-24-1.mp4',
  durationSeconds: 5,
  sizeBytes: 1_000,
  width: 1920,
  height: 1080,
  createdAt: hoursAgo(2),
  endedAt: hoursAgo(1),
  clientData: { order: 1 },
} as const;

function hoursAgo(hours: number): string {
  return new Date(Date.now() - hours * 3_600_000).toISOString();
}

/** A movie of the provider's list that carries the mark of a run. */
export function markedMovie({ key, project }: AcceptedRun, namespace = 'default'): MovieReply {
  return movieReply.parse({
    project,
    created_at: new Date().toISOString(),
    'client-data': { renderonce: { key, fingerprint: 'e'.repeat(64), namespace } },
  });
}
