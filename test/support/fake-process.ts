import type { FakeMovie, FakeRequest, FaultRuleInput } from '../../src/fake/index.js';
import { startCommand } from './processes.js';

/** The local JSON2Video as a process, read and steered over its control interface. */
export interface FakeProcess {
  readonly url: string;
  readonly apiKey: string;
  movies(key?: string): Promise<FakeMovie[]>;
  requests(filter?: { readonly call?: string; readonly key?: string }): Promise<FakeRequest[]>;
  fault(rule: FaultRuleInput): Promise<string>;
  release(id: string): Promise<void>;
  clearFault(id: string): Promise<void>;
  clearFaults(): Promise<void>;
  advance(seconds: number): Promise<void>;
  stop(): Promise<unknown>;
}

export async function startFakeProcess(args: readonly string[] = []): Promise<FakeProcess> {
  const process = await startCommand(['fake', '--port', '0', ...args], {});
  const url = String(process.said['url']);
  const ask = async <T>(path: string, method = 'GET', body?: unknown): Promise<T> => {
    const reply = await fetch(`${url}/_fake/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`the fake answered ${reply.status} to ${method} ${path}: ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as T;
  };
  return {
    url,
    apiKey: 'local-key',
    movies: async (key) => {
      const { movies } = await ask<{ movies: FakeMovie[] }>('movies');
      return key === undefined ? movies : movies.filter((movie) => movie.key === key);
    },
    requests: async ({ call, key } = {}) => {
      const { requests } = await ask<{ requests: FakeRequest[] }>('requests');
      return requests.filter(
        (request) =>
          (call === undefined || request.call === call) && (key === undefined || request.key === key),
      );
    },
    fault: async (rule) => (await ask<{ id: string }>('faults', 'POST', rule)).id,
    release: (id) => ask(`release/${id}`, 'POST'),
    clearFault: (id) => ask(`faults/${id}`, 'DELETE'),
    clearFaults: () => ask('faults', 'DELETE'),
    advance: (advanceSeconds) => ask('clock', 'POST', { advanceSeconds }),
    stop: () => process.stop(),
  };
}
