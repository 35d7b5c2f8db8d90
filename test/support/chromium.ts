import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { WebSocket } from 'undici';
import { z } from 'zod';

/** Where Debian and others put it. */
const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser's executable; undefined: there is none on this machine. */
export const CHROMIUM = [process.env['RENDERONCE_CHROMIUM'], ...PATHS].find(
  (path) => path !== undefined && existsSync(path),
);

const message = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});

type Listener = (method: string, params: unknown) => void;

/** Part of a page, in pixels. */
export interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One page of a headless browser, spoken to over its DevTools protocol: no driver library is needed for this. */
export class Page {
  readonly #socket: WebSocket;
  readonly #answers = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: Error) => void }
  >();
  readonly #listeners: Listener[] = [];
  #sessionId: string | undefined;
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#received(message.parse(JSON.parse(String(data)))));
  }

  static async open(browserUrl: string): Promise<Page> {
    const socket = new WebSocket(browserUrl);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', reject);
    });
    const page = new Page(socket);
    const created = await page.send('Target.createTarget', { url: 'about:blank' });
    const { targetId } = z.object({ targetId: z.string() }).parse(created);
    const attached = await page.send('Target.attachToTarget', { targetId, flatten: true });
    page.#sessionId = z.object({ sessionId: z.string() }).parse(attached).sessionId;
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page.send(`${domain}.enable`);
    return page;
  }

  on(listener: Listener): void {
    this.#listeners.push(listener);
  }

  send(method: string, params: object = {}): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    const session = this.#sessionId === undefined ? {} : { sessionId: this.#sessionId };
    this.#socket.send(JSON.stringify({ id, method, params, ...session }));
    return new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
  }

  /** The value of an expression in the page; it must survive JSON. */
  async evaluate(expression: string): Promise<unknown> {
    const reply = await this.send('Runtime.evaluate', {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    const value = z.object({ value: z.unknown() });
    return z.object({ result: value.partial() }).parse(reply).result.value;
  }

  /** What is in view, or a part of it. */
  async screenshot(part?: Part): Promise<Buffer> {
    const clip = part === undefined ? {} : { clip: { ...part, scale: 1 } };
    const reply = await this.send('Page.captureScreenshot', { format: 'png', ...clip });
    return Buffer.from(z.object({ data: z.string() }).parse(reply).data, 'base64');
  }

  close(): void {
    this.#socket.close();
  }

  #received({ id, method, params, result, error }: z.infer<typeof message>): void {
    if (method !== undefined) for (const listener of this.#listeners) listener(method, params);
    const waiting = id === undefined ? undefined : this.#answers.get(id);
    if (id === undefined || waiting === undefined) return;
    this.#answers.delete(id);
    if (error === undefined) waiting.resolve(result);
    else waiting.reject(new Error(error.message));
  }
}

export interface Browser {
  open(): Promise<Page>;
  close(): Promise<void>;
}

/** Starts the browser with a profile of its own, which goes with it. */
export async function startBrowser(path: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'fake-browser-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--window-size=1280,900'];
  const child = spawn(
    path,
    [...flags, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const exited = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  const url = await addressOf(child);
  return {
    open: () => Page.open(url),
    close: async () => {
      child.kill('SIGKILL');
      await exited;
      rmSync(profile, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (text: string) => {
      said += text;
      const [, url] = /DevTools listening on (ws:\S+)/.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', () => reject(new Error(`The browser ended: ${said.slice(-500)}`)));
  });
}
