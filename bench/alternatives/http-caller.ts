import { Agent, request } from 'undici';
import { z } from 'zod';

/** Asks a backend over HTTP, on connections that are kept. */
export interface HttpCaller {
  /** The reply's JSON; throws what any other status than 2xx says. */
  ask(method: 'GET' | 'POST' | 'DELETE', url: string, body?: object): Promise<unknown>;
  close(): Promise<void>;
}

/** A caller waits as long as a render may take. */
const WAIT_MS = 600_000;

const project = z.object({ project: z.string() });
const video = z.object({ url: z.string() });

export function httpCaller(): HttpCaller {
  const dispatcher = new Agent({ headersTimeout: WAIT_MS, bodyTimeout: WAIT_MS });
  return {
    ask: async (method, url, body) => {
      const { statusCode, body: reply } = await request(url, {
        method,
        dispatcher,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await reply.text();
      if (statusCode >= 300) throw new Error(`${method} ${url} was answered ${statusCode}: ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    close: () => dispatcher.destroy(),
  };
}

/** Calls a backend that serves the routes of `child/serve.mjs`. */
export function callRoutes(caller: HttpCaller, backendUrl: () => string) {
  return {
    submit: async (key: string, movie: object): Promise<string> =>
      project.parse(await caller.ask('POST', `${backendUrl()}/renders/${key}`, movie)).project,
    result: async (key: string): Promise<{ readonly url: string }> =>
      video.parse(await caller.ask('GET', `${backendUrl()}/renders/${key}/result`)),
  };
}
