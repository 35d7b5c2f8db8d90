import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { waitSignal } from '../../http/api.js';
import { byteRange } from '../../http/routes/video.js';
import { engineKeyOf } from '../../http/caller.js';
import { Refusal } from '../../http/refusal.js';
import { readView } from '../../http/views.js';
import { FileGone } from '../../json2video/video-files.js';
import { pathIn } from '../../keep/video-store.js';
import type { KeptVideo } from '../../render/kept.js';
import type { Outcome } from '../../render/outcome.js';
import { messageOf } from '../../text/text.js';
import { type ConsoleContext, fieldOf, visitOf } from '../context.js';

/** Adds the route that sends a video through this server, wherever it lies: a page asks no other host. */
export function addVideo(context: ConsoleContext): void {
  const { app, renders, stopping } = context;
  app.get('/video', async (request, reply) => {
    const key = engineKeyOf(visitOf(request).caller, fieldOf(request.query, 'key'));
    const signal = waitSignal(reply.raw, stopping);
    const { kept, outcome } = await readView(renders, key, { signal });
    // A browser keeps it until the sign-out: then its cookie is another one.
    const cache = { 'cache-control': 'private, max-age=300', vary: 'cookie' };
    void reply.headers({ 'content-type': 'video/mp4', ...cache });
    const isSent = kept !== undefined && (await sendCopy(context, kept, request.headers.range, reply));
    return isSent ? reply : sendFile(context, outcome, signal, reply);
  });
}

/** Sends the copy, whole or one range of it; false if this server does not reach its store. */
async function sendCopy(
  { keep }: ConsoleContext,
  { sha256, sizeBytes, store }: KeptVideo,
  asked: string | undefined,
  reply: FastifyReply,
): Promise<boolean> {
  const path = keep === undefined ? undefined : pathIn(keep, store);
  if (keep === undefined || path === undefined) return false;
  void reply.headers({ 'accept-ranges': 'bytes', etag: `"${sha256}"` });
  const range = byteRange(asked, sizeBytes);
  if (range === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${sizeBytes}`);
    throw new Refusal('RangeUnsatisfiable', `the video has ${sizeBytes} bytes`);
  }
  const part = range === 'whole' ? undefined : range;
  const body = await keep.read(path, part).catch((error: unknown) => {
    throw new Refusal('VideoNotFound', `the copy ${store} cannot be read: ${messageOf(error)}`);
  });
  const { first, last } = part ?? { first: 0, last: sizeBytes - 1 };
  if (part !== undefined) void reply.code(206).header('content-range', `bytes ${first}-${last}/${sizeBytes}`);
  void reply.header('content-length', last - first + 1).send(body);
  return true;
}

/** Passes the provider's file on, whole. */
async function sendFile(
  { files }: ConsoleContext,
  outcome: Pick<Outcome, 'status'> | undefined,
  signal: AbortSignal,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const url = outcome !== undefined && 'url' in outcome ? outcome.url : undefined;
  if (typeof url !== 'string') throw new Refusal('VideoNotFound', 'the render has no video');
  const file = await files.open(url, signal).catch((error: unknown) => {
    if (error instanceof FileGone) throw new Refusal('VideoExpired', 'the provider has deleted the file');
    throw new Refusal('VideoNotFound', `the video cannot be fetched: ${messageOf(error)}`);
  });
  signal.addEventListener('abort', () => file.close(), { once: true });
  return reply.header('content-length', file.sizeBytes).send(Readable.from(file.body));
}
