import { request } from 'undici';
import type { Running } from '../support/processes.js';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A browser without a screen: it keeps cookies, and sends the token of the last form that it saw. */
export class Session {
  readonly #server: Pick<Running, 'said'>;
  readonly cookies: Record<string, string> = {};
  /** All headers that set a cookie. */
  readonly headers: string[] = [];
  form = '';

  constructor(server: Pick<Running, 'said'>) {
    this.#server = server;
  }

  static async signedIn(server: Pick<Running, 'said'>, token: string): Promise<Session> {
    const session = new Session(server);
    await session.get('/sign-in');
    const { status } = await session.post('/sign-in', { token });
    if (status !== 303) throw new Error(`the sign-in answers ${status}`);
    await session.get('/try');
    return session;
  }

  /** The same cookies at another server. */
  at(server: Pick<Running, 'said'>): Session {
    const session = new Session(server);
    Object.assign(session.cookies, this.cookies);
    return session;
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.#send('GET', path, headers);
  }

  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const body = new URLSearchParams({ form: this.form, ...fields }).toString();
    return this.#send(
      'POST',
      path,
      { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body,
    );
  }

  async #send(
    method: 'GET' | 'POST',
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<Answer> {
    const cookie = Object.entries(this.cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; ');
    // Not `fetch`, which sets the header Host itself.
    const reply = await request(`${String(this.#server.said['url'])}${path}`, {
      method,
      headers: { cookie, ...headers },
      body: body ?? null,
    });
    const text = await reply.body.text();
    for (const line of [reply.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.cookies[name] = value;
      this.headers.push(line);
    }
    this.form = /name="form" value="([^"]+)"/.exec(text)?.[1] ?? this.form;
    const shown = Object.entries(reply.headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    return { status: reply.statusCode, headers: new Headers(shown), text };
  }
}
