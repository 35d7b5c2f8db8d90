import {
  type FakeJson2Video,
  type FakeMovie,
  type FakeOptions,
  type FakeRequest,
  type FaultRuleInput,
  type RequestFilter,
  startFakeJson2Video,
} from 'json2video-local';
import { taken } from './taken.js';

/** The local JSON2Video of a stage, at an address of its own. */
export interface LocalProvider extends Pick<FakeJson2Video, 'url' | 'apiKey'> {
  /** The accepted movies, of one key or of all. */
  movies(key?: string): Promise<FakeMovie[]>;
  requests(filter?: RequestFilter): Promise<FakeRequest[]>;
  fault(rule: FaultRuleInput): Promise<string>;
  /** Takes a rule back; returns how often it took effect. */
  removeFault(id: string): Promise<number>;
  /** Lets go of the requests that a `park` rule holds. */
  release(id: string): Promise<void>;
  clearFaults(): Promise<void>;
  advance(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** Reads the movies of a local JSON2Video in any process. */
export async function ledgerAt(url: string): Promise<{ movies: FakeMovie[] }> {
  const reply = await fetch(`${url}/_fake/movies`);
  return (await reply.json()) as { movies: FakeMovie[] };
}

/** Starts a local JSON2Video in this process. It renders identical movies again, because tests count movies. */
export async function startLocalProvider(options: FakeOptions = {}): Promise<LocalProvider> {
  const fake = await startFakeJson2Video({ cache: false, ...options });
  const { url, apiKey } = fake;
  const stop = taken(`the local JSON2Video at ${url}`, () => fake.close());
  return {
    url,
    apiKey,
    // Copies: the originals change while requests go on.
    movies: async (key) => structuredClone(fake.movies({ key })),
    requests: async (filter) => structuredClone(fake.requests(filter)),
    fault: async (rule) => fake.fault(rule),
    removeFault: async (id) => {
      const reply = await fetch(`${url}/_fake/faults/${id}`, { method: 'DELETE' });
      return ((await reply.json()) as { applied: number }).applied;
    },
    release: async (id) => void fake.release(id),
    clearFaults: async () => fake.clearFaults(),
    advance: async (seconds) => fake.advance(seconds),
    stop,
  };
}
