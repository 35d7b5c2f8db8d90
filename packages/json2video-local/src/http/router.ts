import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request as a route sees it. */
export interface Incoming {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** The part of the path that stands for the `*` of the route; empty without one. */
  readonly rest: string;
}

type Handle = (incoming: Incoming) => void | Promise<void>;

/** Finds the handler of a request by its method and path. A slash at the end of a path does not matter. */
export class Router {
  readonly #exact = new Map<string, Handle>();
  readonly #prefixes: { readonly start: string; readonly handle: Handle }[] = [];

  /** @param path ends with `/*` if it stands for every path below it */
  on(method: string, path: string, handle: Handle): void {
    const name = `${method} ${path}`;
    if (path.endsWith('/*')) this.#prefixes.push({ start: name.slice(0, -1), handle });
    else this.#exact.set(name, handle);
  }

  /** Hands the request to its route; false if there is none. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const target = request.url ?? '';
    if (!URL.canParse(target, ORIGIN)) return false;
    const url = new URL(target, ORIGIN);
    const path = url.pathname.length > 1 ? url.pathname.replace(/\/$/, '') : url.pathname;
    const name = `${request.method} ${path}`;
    const prefix = this.#prefixes.find(({ start }) => name.startsWith(start));
    const handle = this.#exact.get(name) ?? prefix?.handle;
    if (handle === undefined) return false;
    await handle({
      request,
      response,
      url,
      rest: prefix === undefined ? '' : name.slice(prefix.start.length),
    });
    return true;
  }
}

const ORIGIN = 'http://fake';
