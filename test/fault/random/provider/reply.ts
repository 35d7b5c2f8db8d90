import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Habits } from './habits.js';
import type { Json } from './movies.js';

/** A whole reply, before a proxy has changed it. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function json(status: number, body: Json, headers: Reply['headers'] = {}): Reply {
  return { status, body: JSON.stringify(body), headers };
}

/** A reply of a gateway, which is not the API's. */
export function html(status: number, text: string): Reply {
  const body = `<html><head><title>${status}</title></head><body><h1>${status} ${text}</h1></body></html>`;
  return { status, body, type: 'text/html' };
}

/** A refusal in one of the documented shapes (2.5). */
export function fault(
  status: number,
  message: string,
  habits: Habits,
  headers: Reply['headers'] = {},
): Reply {
  switch (habits.faultBody) {
    case 'success and message':
      return json(status, { success: false, message }, headers);
    case 'message':
      return json(status, { message }, headers);
    case 'message and code':
      return json(status, { message, code: 'E1002' }, headers);
  }
}

const CODINGS = {
  br: brotliCompressSync,
  deflate: deflateSync,
  gzip: gzipSync,
} as const;

type Coding = keyof typeof CODINGS;

/** Sends a reply, encoded as the proxy on the way does. */
export function send(request: IncomingMessage, response: ServerResponse, reply: Reply, habits: Habits): void {
  const coding = codingFor(request.headers['accept-encoding'], habits.encoding);
  const plain = Buffer.from(reply.body);
  const body = coding === undefined ? plain : CODINGS[coding](plain);
  response.writeHead(reply.status, {
    'content-type': reply.type ?? 'application/json',
    'content-length': body.length,
    date: new Date(Date.now() + habits.clockMs).toUTCString(),
    ...(coding === undefined ? {} : { 'content-encoding': coding, vary: 'accept-encoding' }),
    ...reply.headers,
  });
  response.end(body);
}

/** Sends the head and half of the body, and breaks the connection. */
export function sendHalf(response: ServerResponse, { status, body }: Reply): void {
  const whole = Buffer.from(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': whole.length });
  response.write(whole.subarray(0, Math.ceil(whole.length / 2)), () => response.destroy());
}

function codingFor(accepted: string | string[] | undefined, habit: Habits['encoding']): Coding | undefined {
  if (habit === 'none') return undefined;
  // Without the header any coding is acceptable, by RFC 9110; most proxies then use none.
  if (accepted === undefined) return habit === 'gzip unasked' ? 'gzip' : undefined;
  const asked = String(accepted)
    .split(',')
    .map((part) => part.trim())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.replace(/;.*/, ''));
  return (['br', 'deflate', 'gzip'] as const).find((coding) => asked.includes(coding));
}
