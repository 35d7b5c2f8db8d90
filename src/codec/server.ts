import { createHash, timingSafeEqual } from 'node:crypto';
import type { PayloadCodec } from '@temporalio/common';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ConfigInvalid, PayloadUnreadable } from '../render/errors.js';
import { utf8Bytes } from '../text/text.js';

interface CodecServerOptions {
  readonly codec: PayloadCodec;
  /** A caller must send it; a caller that has it can read everything. */
  readonly token: string;
  /** Origins of the Temporal UI, e.g. `http://127.0.0.1:8233`; requests of other pages are refused. */
  readonly uiOrigins: readonly string[];
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

interface CodecServer {
  /** Its address, without a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A request to the codec server: the UI sends all payloads of an event at once, in base64. */
const CODEC_BODY_BYTES = 16_000_000;

/** A token of 256 bits in hexadecimal or base64 is longer. */
const TOKEN_BYTES = 32;
/** Longest token in a path; the router's own limit is 100. */
const TOKEN_CHARACTERS = 1_000;

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'));
const requestBody = z.object({
  payloads: z.array(
    z.object({
      metadata: z.record(z.string(), base64).default({}),
      data: base64.default(Buffer.alloc(0)),
    }),
  ),
});

/**
 * Starts the codec server, which decodes payloads for Temporal's UI and CLI: `POST /encode` and `/decode`. The token comes
 * as `Authorization: Bearer …`, or as the first segment of the path, since the UI of a local engine sends no header.
 *
 * @throws ConfigInvalid if the token is too short
 */
export async function startCodecServer(options: CodecServerOptions): Promise<CodecServer> {
  if (utf8Bytes(options.token) < TOKEN_BYTES) {
    throw new ConfigInvalid(
      `RENDERONCE_CODEC_TOKEN must have at least ${TOKEN_BYTES} bytes`,
      'Set it to a random text, e.g. of `openssl rand -hex 32`, or unset it: then each start makes a new one.',
    );
  }
  const app = fastify({
    bodyLimit: CODEC_BODY_BYTES,
    routerOptions: { maxParamLength: TOKEN_CHARACTERS },
    exposeHeadRoutes: false,
    forceCloseConnections: true,
  });
  app.addHook('onRequest', corsHook(options.uiOrigins));
  const isToken = tokenCheck(options.token);
  for (const direction of ['encode', 'decode'] as const) route(app, direction, options.codec, isToken);
  app.get('/healthz', () => ({ ok: true }));
  app.setNotFoundHandler((_request, reply) => reply.code(404).send());
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof PayloadUnreadable) return reply.code(422).send({ message: error.message });
    return reply.code(400).send({ message: 'This is not a request of the Temporal UI or CLI.' });
  });
  const url = await app.listen({ host: options.host, port: options.port });
  return { url, stop: () => app.close() };
}

function route(
  app: FastifyInstance,
  direction: 'encode' | 'decode',
  codec: PayloadCodec,
  isToken: (given: string) => boolean,
): void {
  const isAllowed = async (
    request: FastifyRequest<{ Params: { token?: string } }>,
    reply: FastifyReply,
  ): Promise<void> => {
    const given =
      request.params.token ?? /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (!isToken(given)) await reply.code(401).send();
  };
  const handler = async (request: FastifyRequest): Promise<object> => {
    const { payloads } = requestBody.parse(request.body);
    const answered = await codec[direction](payloads);
    return { payloads: answered.map(toJson) };
  };
  for (const url of [`/${direction}`, `/:token/${direction}`]) {
    app.route<{ Params: { token?: string } }>({ method: 'POST', url, onRequest: isAllowed, handler });
  }
}

type Payload = Awaited<ReturnType<PayloadCodec['decode']>>[number];

/** Writes a payload as the JSON form of protocol buffers. */
function toJson({ metadata, data }: Payload): object {
  const encoded = Object.entries(metadata ?? {}).map(([name, value]) => [name, base64Of(value)]);
  return { metadata: Object.fromEntries(encoded), data: base64Of(data ?? new Uint8Array()) };
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** Compares digests, which have one length, so that the time shows nothing of the token's length. */
function tokenCheck(token: string): (given: string) => boolean {
  const expected = digest(token);
  return (given) => timingSafeEqual(digest(given), expected);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Answers preflights, lets the UI's pages read the answers, and refuses other pages; tools send no origin. */
function corsHook(uiOrigins: readonly string[]) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { origin } = request.headers;
    if (origin === undefined) return;
    if (!uiOrigins.includes(origin)) {
      await reply.code(403).send();
      return;
    }
    reply.header('access-control-allow-origin', origin).header('vary', 'Origin');
    if (request.method !== 'OPTIONS') return;
    reply.header('access-control-allow-methods', 'POST');
    reply.header('access-control-allow-headers', 'authorization, content-type, x-namespace');
    await reply.code(204).send();
  };
}
