import { Agent } from 'undici';
import { askJson } from '../ask-json.js';

/** Asks over HTTP on connections that are kept, and waits for answers as long as a render may take. */
export interface HttpCaller {
  /** As `askJson`. */
  ask(method: 'GET' | 'POST', url: string, body?: object): Promise<unknown>;
  close(): Promise<void>;
}

const WAIT_MS = 600_000;

export function httpCaller(): HttpCaller {
  const dispatcher = new Agent({ headersTimeout: WAIT_MS, bodyTimeout: WAIT_MS });
  return {
    ask: (method, url, body) => askJson(method, url, body, dispatcher),
    close: () => dispatcher.destroy(),
  };
}
