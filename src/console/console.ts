import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGzip, gzip } from 'node:zlib';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addAssets } from './assets.js';
import { addAttentionPage } from './attention/route.js';
import { type ConsoleContext, type ConsoleOptions, fieldOf } from './context.js';
import { addCreditsPage } from './credits/route.js';
import { addDesignPage } from './design.js';
import { problemFor, problemPage } from './problem-page.js';
import { addDecisions } from './render/decide.js';
import { addRenderPage } from './render/route.js';
import { addVideo } from './render/video.js';
import { addRendersPage } from './renders/route.js';
import { sendPage } from './send-page.js';
import { Sessions } from './session.js';
import { addSignIn } from './sign-in.js';
import { addTryPage } from './try/route.js';
import { readVisit, requireOwnForm } from './visit.js';
import type { ApiDependencies } from '../http/api.js';
import { BODY_BYTES } from '../http/body.js';
import { requireScope } from '../http/caller.js';

/** Nothing but files of this server; no script and no style within a page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // With `no-referrer` a browser would hide the origin of forms.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** A form percent-encodes a movie of the largest size. */
const FORM_BYTES = 3 * BODY_BYTES;
/** Shorter pages are sent as they are. */
const ZIP_BYTES = 1_000;

const zip = promisify(gzip);

/** Returns the console as pages of a server: people look, try, decide and send events again. */
export function createConsole(options: ConsoleOptions) {
  return async (app: FastifyInstance, dependencies: ApiDependencies): Promise<void> => {
    const context = { ...dependencies, ...options, app };
    const sessions = new Sessions(options.tokens, Date.now);
    app.decorateRequest('visit', undefined);
    readForms(app);
    app.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, hide: true };
      route.bodyLimit ??= FORM_BYTES;
    });
    app.addHook('onRequest', async (request, reply) => enter(request, reply, context, sessions));
    app.addHook('preHandler', async (request) => {
      if (request.method === 'POST') requireOwnForm(request, fieldOf(request.body, 'form'), sessions);
    });
    app.addHook('onSend', async (request, reply, payload) => zipped(request, reply, payload));
    app.setErrorHandler(async (error: FastifyError, request, reply) => {
      const problem = problemFor(error, request);
      return sendPage(reply.code(problem.status), problemPage(request.visit, problem));
    });
    addAssets(app);
    addSignIn(context, sessions);
    for (const add of PAGES) add(context);
  };
}

function readForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: unknown, text: string) => Object.fromEntries(new URLSearchParams(text)),
  );
}

/** Finds out who comes, and leads those who have no session to the sign-in. */
async function enter(
  request: FastifyRequest,
  reply: FastifyReply,
  { tokens }: ConsoleContext,
  sessions: Sessions,
): Promise<unknown> {
  void reply.headers(HEADERS);
  const visit = readVisit(request, reply, { sessions, tokens });
  request.visit = visit;
  request.caller = visit.caller;
  const { needs = 'read' } = request.routeOptions.config;
  if (needs === 'nothing') return undefined;
  if (visit.caller === undefined) {
    // A part of a page that keeps itself current: the page itself leads to the sign-in, and its part must not show it.
    if (request.headers['hx-request'] !== undefined)
      return reply.code(204).header('hx-refresh', 'true').send();
    const back = request.method === 'GET' ? `?${new URLSearchParams({ to: request.url }).toString()}` : '';
    return reply.redirect(`/sign-in${back}`, 303);
  }
  requireScope(visit.caller, needs, 'this page');
  return undefined;
}

async function zipped(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
  const isShort = typeof payload === 'string' && payload.length < ZIP_BYTES;
  if (!isPage || isShort || !(typeof payload === 'string' || payload instanceof Readable)) return payload;
  void reply.header('vary', 'accept-encoding');
  if (!String(request.headers['accept-encoding']).includes('gzip')) return payload;
  void reply.header('content-encoding', 'gzip').removeHeader('content-length');
  if (typeof payload === 'string') return zip(payload);
  // Each part is sent when it is there.
  return payload.pipe(createGzip({ flush: constants.Z_SYNC_FLUSH }));
}

/** The pages behind the sign-in, each with its routes. */
const PAGES: readonly ((context: ConsoleContext) => void)[] = [
  addRendersPage,
  addRenderPage,
  addDecisions,
  addVideo,
  addAttentionPage,
  addCreditsPage,
  addTryPage,
  addDesignPage,
];
