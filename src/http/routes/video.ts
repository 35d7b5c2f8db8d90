import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type Api, type ApiDependencies, callerOf, problems, waitSignal } from '../api.js';
import { engineKeyOf } from '../caller.js';
import { Refusal } from '../refusal.js';
import { keyParams } from '../schemas.js';
import { type EngineView, readView } from '../views.js';
import { type ByteRange, pathIn, type VideoStore } from '../../keep/video-store.js';
import type { KeptVideo } from '../../render/kept.js';
import { messageOf } from '../../text/text.js';

/** A signed link works for so long: players ask for parts of a video as long as it is watched. */
const LINK_SECONDS = 3_600;

const file = (description: string) => ({
  description,
  content: { 'video/mp4': { schema: z.string().meta({ format: 'binary' }) } },
});

const VIDEO = {
  config: {
    scope: 'read',
    answerHeaders: { 200: ['Accept-Ranges', 'ETag'], 206: ['Content-Range', 'ETag'], 302: ['Location'] },
  },
  schema: {
    operationId: 'readVideo',
    summary: "Go to the video's link: the copy's, else the provider's. A copy in a folder is sent",
    params: keyParams,
    headers: z.looseObject({ range: z.string().optional().describe('bytes=0-99, for a copy in a folder') }),
    querystring: z.strictObject({}),
    response: {
      200: file('The copy, if it lies in a folder'),
      206: file('A part of the copy'),
      302: z.null().describe('The link is in header Location'),
      ...problems(404, 409, 410, 416),
    },
  },
} as const;

/** Adds the route of a render's video. */
export function addVideoRoute(api: Api, { renders, keep, stopping }: ApiDependencies): void {
  api.get('/v1/renders/:key/video', VIDEO, async (request, reply) => {
    const key = engineKeyOf(callerOf(request), request.params.key);
    const view = await readView(renders, key, { signal: waitSignal(reply.raw, stopping) });
    const { kept } = view;
    if (kept?.url !== undefined) return reply.redirect(kept.url, 302);
    const path = kept === undefined || keep === undefined ? undefined : pathIn(keep, kept.store);
    if (kept === undefined || keep === undefined || path === undefined) return toProvider(view, reply);
    const lasting = keep.publicUrl(path) ?? (await keep.signedUrl?.(path, LINK_SECONDS));
    if (lasting !== undefined) return reply.redirect(lasting, 302);
    return sendCopy(keep, path, kept, request.headers, reply);
  });
}

/** Leads to the provider's file, as long as that exists. */
function toProvider({ state, outcome }: EngineView, reply: FastifyReply): FastifyReply {
  if (outcome?.status !== 'done') throw new Refusal('VideoNotFound', `the render is ${state}`);
  const { url, expiresAt } = outcome;
  if (expiresAt !== null && Date.parse(expiresAt) <= Date.now()) {
    throw new Refusal('VideoExpired', `the provider deleted the file at ${expiresAt}`);
  }
  // Also makes the link one that a header can hold.
  return reply.redirect(new URL(url).href, 302);
}

/** Sends a copy that lies in a folder, whole or one range of it. */
async function sendCopy(
  store: VideoStore,
  path: string,
  { sha256, sizeBytes, store: address }: KeptVideo,
  { range: asked, 'if-range': ifRange }: { readonly range?: unknown; readonly 'if-range'?: unknown },
  reply: FastifyReply,
): Promise<FastifyReply> {
  const etag = `"${sha256}"`;
  reply.headers({ 'accept-ranges': 'bytes', etag, 'content-type': 'video/mp4' });
  const range = ifRange === undefined || ifRange === etag ? byteRange(asked, sizeBytes) : 'whole';
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${sizeBytes}`);
    throw new Refusal('RangeUnsatisfiable', `the video has ${sizeBytes} bytes`);
  }
  const part = range === 'whole' ? undefined : range;
  const body = await store.read(path, part).catch((error: unknown) => {
    throw new Refusal('VideoNotFound', `the copy ${address} cannot be read: ${messageOf(error)}`);
  });
  if (part === undefined) return reply.header('content-length', sizeBytes).send(body);
  const { first, last } = part;
  reply.code(206).headers({
    'content-range': `bytes ${first}-${last}/${sizeBytes}`,
    'content-length': last - first + 1,
  });
  return reply.send(body);
}

/**
 * Reads a `Range` header of one range. A header that is no range of bytes, or names several, counts as none, as RFC 9110
 * allows.
 */
export function byteRange(header: unknown, sizeBytes: number): ByteRange | 'whole' | 'unsatisfiable' {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(String(header)) ?? [];
  if (from === '' && to === '') return 'whole';
  if (from === '') {
    const length = Math.min(Number(to), sizeBytes);
    return length === 0 ? 'unsatisfiable' : { first: sizeBytes - length, last: sizeBytes - 1 };
  }
  const first = Number(from);
  if (to !== '' && Number(to) < first) return 'whole';
  if (first >= sizeBytes) return 'unsatisfiable';
  return { first, last: to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1) };
}
