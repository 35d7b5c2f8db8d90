import type { FakeClient } from '../fake-client.js';
import { rounded, sum } from './statistics.js';

/** Counts what the provider is asked while something is done, by the kind of request. */
export class RequestCounter {
  readonly #fake: FakeClient;
  readonly #counts = new Map<string, number>();

  constructor(fake: FakeClient) {
    this.#fake = fake;
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    await this.#fake.newRequests();
    const result = await work();
    for (const { call } of await this.#fake.newRequests()) {
      this.#counts.set(call, (this.#counts.get(call) ?? 0) + 1);
    }
    return result;
  }

  perJob(jobs: number): Record<string, number> {
    return Object.fromEntries([...this.#counts].map(([call, count]) => [call, rounded(count / jobs)]));
  }

  all(jobs: number): number {
    return rounded(sum([...this.#counts.values()]) / jobs);
  }
}
