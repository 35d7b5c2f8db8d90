import { request } from 'undici';
import { z } from 'zod';
import type { FaultRuleInput } from '../src/fake/index.js';
import { type MeasuredProcess, startCommand } from './processes.js';

const requestsReply = z.object({ requests: z.array(z.object({ seq: z.number(), call: z.string() })) });
const moviesReply = z.object({
  movies: z.array(
    z.object({ key: z.string().optional(), webhooks: z.array(z.object({ at: z.iso.datetime() })) }),
  ),
});

type LoggedRequest = z.infer<typeof requestsReply>['requests'][number];
type LedgerMovie = z.infer<typeof moviesReply>['movies'][number];

/** The local JSON2Video as a process: its request log, its ledger and its faults. */
export class FakeClient {
  readonly process: MeasuredProcess;
  readonly apiKey = 'local-key';
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
    const { requests } = requestsReply.parse(await this.#ask(`requests?since=${this.#lastSeq}`));
    this.#lastSeq = requests.at(-1)?.seq ?? this.#lastSeq;
    return requests;
  }

  async movies(): Promise<readonly LedgerMovie[]> {
    return moviesReply.parse(await this.#ask('movies')).movies;
  }

  fault(rule: FaultRuleInput): Promise<unknown> {
    return this.#ask('faults', rule);
  }

  advance(seconds: number): Promise<unknown> {
    return this.#ask('clock', { advanceSeconds: seconds });
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

  async #ask(path: string, body?: object): Promise<unknown> {
    const { statusCode, body: reply } = await request(`${this.url}/_fake/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await reply.text();
    if (statusCode >= 300) throw new Error(`the fake answered ${statusCode} to ${path}: ${text}`);
    return JSON.parse(text);
  }
}
