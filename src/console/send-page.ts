import type { FastifyReply } from 'fastify';
import type { Html } from './html.js';

/** Sends markup. Nothing keeps a page: it is one person's. */
export async function sendPage(reply: FastifyReply, page: Html): Promise<FastifyReply> {
  const text = String(await page);
  return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(text);
}
