import { request } from 'undici';
import { z } from 'zod';
import type { FaultRuleInput } from 'json2video-local';
import { askJson } from './ask-json.js';
import { type MeasuredProcess, startCommand } from './processes.js';

const requestsReply = z.object({ requests: z.array(z.object({ seq: z.number(), call: z.string() })) });
const moviesReply = z.object({
  movies: z.array(
    z.object({
      key: z.string().optional(),
      credits: z.number(),
      webhooks: z.array(z.object({ at: z.iso.datetime() })),
    }),
  ),
});
const faultReply = z.object({ id: z.string() });

type LoggedRequest = z.infer<typeof requestsReply>['requests'][number];
/** A movie that was accepted, as the ledger tells. */
export type LedgerMovie = z.infer<typeof moviesReply>['movies'][number];

/** The local JSON2Video as a process: its request log, its ledger and its faults. */
export class FakeClient {
  readonly process: MeasuredProcess;
  readonly apiKey = 'local-key';
  readonly #parked = new Set<string>();
  #lastSeq = 0;

  private constructor(process: MeasuredProcess) {
    this.process = process;
  }

  /** @param renderSeconds of the fake's clock, for every movie */
  static async start(renderSeconds: number): Promise<FakeClient> {
    const args = ['fake', '--port', '0', '--no-cache', '--credits', '1000000000'];
    return new FakeClient(await startCommand([...args, '--render-seconds', String(renderSeconds)], {}));
  }

  get url(): string {
    return this.process.url;
  }

  /** What was asked since this was asked last. */
  async newRequests(): Promise<readonly LoggedRequest[]> {
    const { requests } = requestsReply.parse(await this.#ask('GET', `requests?since=${this.#lastSeq}`));
    this.#lastSeq = requests.at(-1)?.seq ?? this.#lastSeq;
    return requests;
  }

  async movies(): Promise<readonly LedgerMovie[]> {
    return moviesReply.parse(await this.#ask('GET', 'movies')).movies;
  }

  async fault(rule: FaultRuleInput): Promise<void> {
    const { id } = faultReply.parse(await this.#ask('POST', 'faults', rule));
    if (rule.effect.kind === 'park') this.#parked.add(id);
  }

  /** Ends all rules, and answers what they hold back. */
  async clearFaults(): Promise<void> {
    for (const id of this.#parked) await this.#ask('POST', `release/${id}`);
    this.#parked.clear();
    await this.#ask('DELETE', 'faults');
  }

  advance(seconds: number): Promise<unknown> {
    return this.#ask('POST', 'clock', { advanceSeconds: seconds });
  }

  /** One POST as a backend makes it that trusts the network: on a kept-alive connection, with nothing around it. */
  async post(movie: object): Promise<void> {
    const { statusCode, body } = await request(`${this.url}/v2/movies`, {
      method: 'POST',
      headers: { 'x-api-key': this.apiKey, 'content-type': 'application/json' },
      body: JSON.stringify(movie),
    });
    await body.dump();
    if (statusCode !== 200) throw new Error(`the fake answered ${statusCode} to a POST`);
  }

  #ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    return askJson(method, `${this.url}/_fake/${path}`, body);
  }
}
