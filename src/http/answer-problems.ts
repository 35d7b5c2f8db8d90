import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problemOf } from './problem.js';
import { Refusal } from './refusal.js';

/** Callers come back after so many seconds, if something is down. */
const RETRY_SECONDS = 5;

/** Called with each error that a caller sees only in general words. */
type OnError = (error: unknown, route: string) => void;

/** Options of an app, by which also requests that reach no route get problem details. */
export const PROBLEMS_BEFORE_ROUTES = {
  frameworkErrors: (error: FastifyError, _request: unknown, reply: FastifyReply): void => {
    sendProblem(error, undefined, reply);
  },
  clientErrorHandler: answerBrokenRequest,
};

/** Answers bytes that Node could not read as a request, and closes their connection. */
function answerBrokenRequest({ code }: { readonly code: string }, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const refusal = BROKEN[code]?.() ?? new Refusal('RequestInvalid', 'this is no request of HTTP/1.1');
  const body = JSON.stringify(problemOf(refusal, undefined));
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

const BROKEN: Readonly<Record<string, () => Refusal>> = {
  HPE_HEADER_OVERFLOW: () => new Refusal('HeadersTooLarge', 'the headers are too long'),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: () => new Refusal('BodyTooLarge', 'the chunk extensions are too long'),
  ERR_HTTP_REQUEST_TIMEOUT: () => new Refusal('RequestTimeout', 'the request did not come in time'),
};

/** Answers all errors of an app with problem details, also unknown paths and methods. */
export function answerWithProblems(app: FastifyInstance, onError: OnError = () => undefined): void {
  app.setErrorHandler((error, request, reply) => {
    const status = sendProblem(error, request, reply);
    const isGone = request.raw.socket.destroyed;
    if (status >= 500 && !isGone) onError(error, `${request.method} ${request.routeOptions.url ?? ''}`);
  });
  const methodsOf = collectMethods(app);
  // Before the body is read: Fastify would first judge it, and the content type of method QUERY.
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return;
    const methods = methodsOf(request.url.split('?', 1)[0] ?? '');
    if (methods.length === 0) throw new Refusal('RouteNotFound', 'there is no such route');
    void reply.header('allow', methods.join(', '));
    throw new Refusal('MethodNotAllowed', `${request.method} is no method of this path`);
  });
}

/** Answers with the problem details of an error, and returns their status. */
function sendProblem(error: unknown, request: FastifyRequest | undefined, reply: FastifyReply): number {
  const problem = problemOf(error, request?.caller);
  const { status } = problem;
  if (status === 503 || status === 202) reply.header('retry-after', String(RETRY_SECONDS));
  // The rest of a body that nobody reads would hold the connection.
  if (request !== undefined && !request.raw.complete) reply.header('connection', 'close');
  void reply.code(status).type('application/problem+json').serializer(JSON.stringify).send(problem);
  return status;
}

/**
 * Collects the methods of all routes that are added from now on, and returns a function that names those of a path; an
 * empty list if no route has the path.
 */
function collectMethods(app: FastifyInstance): (path: string) => readonly string[] {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    const pattern = new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`);
    routes.push({ pattern, methods: [method].flat() });
  });
  return (path) => routes.flatMap(({ pattern, methods }) => (pattern.test(path) ? methods : []));
}
