import type { FaultRuleInput } from 'json2video-local';

/** What the provider or the network does to one request, and what must be made of it. */
export interface HttpFault {
  readonly name: string;
  readonly effect: FaultRuleInput['effect'];
  /** The class of a submission that meets it, and how many POSTs the key has made when its render is done. */
  readonly create: { readonly end: 'unknown' | 'refused' | 'rejected'; readonly posts: 1 | 2 };
  /** Requests until an answer is believed: the fault cost one, unless it was only slow. */
  readonly reads: 1 | 2;
}

const ACCEPTED_UNKNOWN = { end: 'unknown', posts: 1 } as const;
const LOST_UNKNOWN = { end: 'unknown', posts: 2 } as const;
const REFUSED = { end: 'refused', posts: 2 } as const;
const REJECTED = { end: 'rejected', posts: 1 } as const;

const status = (code: number, more: object = {}): FaultRuleInput['effect'] => ({
  kind: 'status',
  code,
  accept: false,
  ...more,
});

/** Longer than a short POST waits for its reply, shorter than a GET does. */
const SLOW_MS = 21_000;

const row = (
  name: string,
  effect: FaultRuleInput['effect'],
  create: HttpFault['create'],
  reads: HttpFault['reads'] = 2,
): HttpFault => ({ name, effect, create, reads });

/** Twenty faults, each to be met by a POST, a status request and a look in the list. */
export const HTTP_FAULTS: readonly HttpFault[] = [
  row('closed without a reply', { kind: 'refuse' }, LOST_UNKNOWN),
  row('reset before it took effect', { kind: 'reset-before' }, LOST_UNKNOWN),
  row('reset after it took effect', { kind: 'reset-after' }, ACCEPTED_UNKNOWN),
  row('silence before it took effect', { kind: 'hang-before' }, LOST_UNKNOWN),
  row('silence after it took effect', { kind: 'hang-after' }, ACCEPTED_UNKNOWN),
  row('a slow reply', { kind: 'delay', ms: SLOW_MS }, ACCEPTED_UNKNOWN, 1),
  row('a truncated reply', { kind: 'truncate', bytes: 20 }, ACCEPTED_UNKNOWN),
  row('a dripping reply', { kind: 'drip', ms: 1_000, bytes: 1 }, ACCEPTED_UNKNOWN),
  row('no JSON', { kind: 'body', text: '<html>welcome</html>', accept: true }, ACCEPTED_UNKNOWN),
  row('nothing but success', { kind: 'body', text: '{"success":true}', accept: true }, ACCEPTED_UNKNOWN),
  row('a redirect', status(302, { headers: { location: 'http://127.0.0.1:9/' } }), LOST_UNKNOWN),
  row('408', status(408), LOST_UNKNOWN),
  row('500 that took effect', status(500, { accept: true }), ACCEPTED_UNKNOWN),
  row('502 from a gateway', status(502, { body: '<html>Bad Gateway</html>' }), LOST_UNKNOWN),
  row('503 with Retry-After', status(503, { headers: { 'retry-after': '2' } }), LOST_UNKNOWN),
  row('429 with Retry-After', status(429, { headers: { 'retry-after': '2' } }), REFUSED),
  row('403 from a firewall', status(403, { body: '<html>blocked</html>' }), REFUSED),
  row('no credits', { kind: 'account', problem: 'no-credits' }, REFUSED),
  row('a bad API key', { kind: 'account', problem: 'bad-key' }, REFUSED),
  row('400 about the movie', status(400, { body: { success: false, message: 'bad scene' } }), REJECTED),
];
