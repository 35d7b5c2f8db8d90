import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { raw } from 'hono/html';
import { html, type Html } from './html.js';
import { problemFor, problemNotice } from './problem-page.js';

/** The head of a page goes ahead if its content takes longer. */
const HEAD_AFTER_MS = 200;
/** No text within a page contains this: texts are escaped. */
const GAP = '<!-- content -->';

/** Sends markup. Nothing keeps a page: it is one person's. */
export async function sendPage(reply: FastifyReply, page: Html): Promise<FastifyReply> {
  const text = String(await page);
  return asPage(reply).send(text);
}

/** Sends a page whose content may take seconds. Then a browser shows its head and its navigation first, and waits. */
export async function sendSlowPage(
  reply: FastifyReply,
  frame: (content: Html) => Html,
  content: Promise<Html>,
): Promise<FastifyReply> {
  const ready = await Promise.race([content, pause(HEAD_AFTER_MS)]);
  if (ready !== undefined) return sendPage(reply, frame(ready));
  const [top = '', bottom = ''] = String(await frame(raw(GAP))).split(GAP);
  // Its status is sent already: why the content failed stands in its place.
  const shown = content.catch((error: Error) => problemNotice(problemFor(error, reply.request)));
  return asPage(reply).send(Readable.from(inParts(top, shown, bottom)));
}

async function* inParts(top: string, content: Promise<Html>, bottom: string): AsyncGenerator<string> {
  // The style sheet hides the hint when something follows it.
  yield top + String(await html`<p class="reading">Reading …</p>`);
  yield String(await content) + bottom;
}

function asPage(reply: FastifyReply): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
}
