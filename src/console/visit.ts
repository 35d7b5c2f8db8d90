import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { getCookies, Headers, setCookie } from 'undici';
import type { Caller } from '../http/caller.js';
import { identify } from '../http/guard.js';
import { Refusal } from '../http/refusal.js';
import type { Scope, Token } from '../http/tokens.js';
import { SESSION_SECONDS, type Sessions } from './session.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The person behind a request to the console. Set before the handler of each of its routes. */
    visit: Visit | undefined;
  }
  interface FastifyContextConfig {
    /** The right that a page of the console needs; `nothing` for pages before the sign-in. */
    readonly needs?: Scope | 'nothing';
  }
}

/** A person's request, as far as its cookies say. */
export interface Visit {
  /** Absent before the sign-in. */
  readonly caller: Caller | undefined;
  /** The token of the session; empty if the server asks for none. */
  readonly token: string;
  /** The value that each form must carry. */
  readonly formToken: string;
  /** True if there is a session that a sign-out can end. */
  readonly hasSession: boolean;
}

const SESSION = 'renderonce_session';
const VISITOR = 'renderonce_visitor';
const VISITOR_BYTES = 32;

/** Reads the cookies of a request. */
export function readVisit(
  request: FastifyRequest,
  reply: FastifyReply,
  { sessions, tokens }: { readonly sessions: Sessions; readonly tokens: readonly Token[] },
): Visit {
  const cookies = cookiesOf(request);
  let visitor = cookies[VISITOR] ?? '';
  if (visitor === '' && request.method === 'GET') {
    visitor = randomBytes(VISITOR_BYTES).toString('base64url');
    addCookie(request, reply, VISITOR, visitor);
  }
  const session = cookies[SESSION] ?? '';
  const token = sessions.open(session) ?? '';
  const caller = identify(token, tokens);
  return {
    caller,
    token,
    formToken: sessions.formToken(visitor, session),
    hasSession: token !== '' && caller !== undefined,
  };
}

/** Throws FormRefused unless a form of this console made the request. */
export function requireOwnForm(request: FastifyRequest, given: string, sessions: Sessions): void {
  const { [VISITOR]: visitor = '', [SESSION]: session = '' } = cookiesOf(request);
  const site = request.headers['sec-fetch-site'] ?? 'same-origin';
  if (site === 'same-origin' && sessions.isFormToken(given, visitor, session)) return;
  throw new Refusal('FormRefused', 'the form is not one of this console, or its session has ended');
}

/** Begins a session with a sealed token; without one it ends the session of this browser. */
export function setSession(request: FastifyRequest, reply: FastifyReply, sealed = ''): void {
  addCookie(request, reply, SESSION, sealed, sealed === '' ? 0 : SESSION_SECONDS);
}

/** Returns the cookies of this console by their names. */
function cookiesOf({ headers, protocol }: FastifyRequest): Record<string, string> {
  const given = getCookies(new Headers({ cookie: headers.cookie ?? '' }));
  return Object.fromEntries([SESSION, VISITOR].map((name) => [name, given[sentName(name, protocol)] ?? '']));
}

/** Over https a browser takes a cookie of this prefix from this host only, and not from another one of its domain. */
function sentName(name: string, protocol: FastifyRequest['protocol']): string {
  return protocol === 'https' ? `__Host-${name}` : name;
}

function addCookie(
  { protocol }: FastifyRequest,
  reply: FastifyReply,
  name: string,
  value: string,
  maxAge?: number,
): void {
  const headers = new Headers();
  setCookie(headers, {
    name: sentName(name, protocol),
    value,
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
    secure: protocol === 'https',
    ...(maxAge === undefined ? {} : { maxAge }),
  });
  // Header `set-cookie` adds up.
  void reply.header('set-cookie', headers.getSetCookie());
}
