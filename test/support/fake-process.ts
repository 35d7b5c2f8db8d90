import type { FakeMovie, FakeRequest, FaultRuleInput } from 'json2video-local';
import { startCommand } from './processes.js';

/** Which requests are asked for; what is left out matches everything. */
interface RequestQuery {
  readonly since?: number;
  readonly call?: FakeRequest['call'];
  readonly key?: string;
}

/** The local JSON2Video as a process, read and steered over its control interface. */
export interface FakeProcess {
  readonly url: string;
  readonly apiKey: string;
  movies(key?: string): Promise<FakeMovie[]>;
  requests(filter?: RequestQuery): Promise<FakeRequest[]>;
  fault(rule: FaultRuleInput): Promise<string>;
  /** How often the rule took effect. */
  removeFault(id: string): Promise<number>;
  release(id: string): Promise<void>;
  clearFault(id: string): Promise<void>;
  clearFaults(): Promise<void>;
  advance(seconds: number): Promise<void>;
  stop(): Promise<unknown>;
}

export async function startFakeProcess(
  args: readonly string[] = [],
  apiKey = 'local-key',
): Promise<FakeProcess> {
  const process = await startCommand(['fake', '--port', '0', ...args], { JSON2VIDEO_API_KEY: apiKey });
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
    apiKey,
    movies: async (key) => {
      const { movies } = await ask<{ movies: FakeMovie[] }>('movies');
      return key === undefined ? movies : movies.filter((movie) => movie.key === key);
    },
    requests: async (filter = {}) => {
      const wanted = new URLSearchParams();
      for (const [name, value] of Object.entries(filter)) wanted.set(name, String(value));
      return (await ask<{ requests: FakeRequest[] }>(`requests?${wanted.toString()}`)).requests;
    },
    fault: async (rule) => (await ask<{ id: string }>('faults', 'POST', rule)).id,
    removeFault: async (id) => (await ask<{ applied: number }>(`faults/${id}`, 'DELETE')).applied,
    release: (id) => ask(`release/${id}`, 'POST'),
    clearFault: (id) => ask(`faults/${id}`, 'DELETE'),
    clearFaults: () => ask('faults', 'DELETE'),
    advance: (advanceSeconds) => ask('clock', 'POST', { advanceSeconds }),
    stop: () => process.stop(),
  };
}
