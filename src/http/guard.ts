import type { FastifyReply, FastifyRequest } from 'fastify';
import { WEBHOOK_PATH } from '../text/redact.js';
import { isLoopback } from '../text/text.js';
import { type Caller, requireScope } from './caller.js';
import { Refusal } from './refusal.js';
import { findToken, SCOPES, type Token } from './tokens.js';

/** Longest token that is looked at; ours have under 90 characters. */
const TOKEN_CHARACTERS = 200;

/** Routes for callers that know the server by another name: the provider, and probes of the machine. */
const FOR_ANY_HOST: readonly (string | undefined)[] = ['/healthz', '/readyz', `${WEBHOOK_PATH}/:token`];

/**
 * Returns a hook that checks the sender of a request before anything of its body is read. Without tokens the server listens
 * on loopback only, and believes requests that were made for its own address.
 *
 * @throws Refusal (OriginRefused) without tokens, if a page of another origin made the request
 */
export function createGuard(tokens: readonly Token[]) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { url, config } = request.routeOptions;
    if (tokens.length === 0 && !FOR_ANY_HOST.includes(url)) requireOwnOrigin(request);
    const { scope } = config;
    if (scope === undefined) return;
    request.caller = identify(givenToken(request), tokens);
    if (request.caller === undefined) {
      void reply.header('www-authenticate', 'Bearer');
      throw new Refusal('TokenInvalid', 'the request has no token, or an unknown one');
    }
    requireScope(request.caller, scope);
  };
}

/**
 * Returns the sender of a request by the token that it gave; undefined if the server has tokens, and this is none of them.
 * Without tokens everybody on this machine may do everything.
 */
export function identify(given: string, tokens: readonly Token[]): Caller | undefined {
  if (tokens.length === 0) return ANYBODY;
  const token = findToken(given, tokens);
  return token === undefined ? undefined : callerOfToken(token);
}

const ANYBODY: Caller = { id: 'anybody', scopes: SCOPES };

function callerOfToken({ name, tenant, scopes, hash }: Token): Caller {
  return { id: hash.toString('base64url'), name, ...(tenant === undefined ? {} : { tenant }), scopes };
}

function givenToken({ headers }: FastifyRequest): string {
  const [, bearer] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  const apiKey = headers['x-api-key'];
  const given = bearer ?? (typeof apiKey === 'string' ? apiKey : '');
  return given.length <= TOKEN_CHARACTERS ? given : '';
}

/**
 * Refuses requests that a web page of another origin makes: a page may call 127.0.0.1 directly, or by a name of its own that
 * resolves to it.
 */
function requireOwnOrigin({ headers }: FastifyRequest): void {
  const { host = '', origin } = headers;
  if (!isLoopback(host.replace(/:\d*$/, ''))) {
    throw new Refusal('OriginRefused', 'without tokens, the header Host must name this machine');
  }
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    throw new Refusal('OriginRefused', 'without tokens, requests of other origins are refused');
  }
}
