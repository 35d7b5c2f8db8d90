import type { IncomingMessage } from 'node:http';
import { KeyInvalid } from '../render/errors.js';

/** Longest wait that a request may ask for: proxies and browsers give up soon after a minute. */
const MOST_WAIT_SECONDS = 60;

/** A submission waits so long for acceptance by default: less than the usual 30 s of callers and proxies. */
export const ACCEPTANCE_SECONDS = 25;

/** The wait of one request. */
interface Wait {
  readonly seconds: number;
  /** Header `Preference-Applied`; absent if the request asked for no wait. */
  readonly applied?: string;
}

/** Reads the preference `wait` of header `Prefer` (RFC 7240). A preference that makes no sense is left out, as that says. */
export function waitOf(prefer: string | undefined, bySeconds: number): Wait {
  const [, digits] = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=[,;]|$)/i.exec(prefer ?? '') ?? [];
  if (digits === undefined) return { seconds: bySeconds };
  const seconds = Math.min(Number(digits), MOST_WAIT_SECONDS);
  return { seconds, applied: `wait=${seconds}` };
}

const NAME = 'idempotency-key';
/** A string of RFC 8941. */
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
/** A key without quotes; a comma would also stand between two headers that a proxy has joined. */
const BARE = /^[\x21\x23-\x2b\x2d-\x7e][\x20-\x2b\x2d-\x7e]*$/;

/**
 * Reads header `Idempotency-Key`, in quotes (RFC 8941) or bare; undefined without one.
 *
 * @throws KeyInvalid if there are two, or if the header can be read in two ways
 */
export function idempotencyKeyOf({ headersDistinct }: IncomingMessage): string | undefined {
  const [header, ...others] = headersDistinct[NAME] ?? [];
  if (header === undefined) return undefined;
  if (others.length > 0) throw new KeyInvalid('the request has more than one header Idempotency-Key');
  const [, quoted] = QUOTED.exec(header) ?? [];
  if (quoted !== undefined) return quoted.replace(/\\(["\\])/g, '$1');
  if (BARE.test(header)) return header;
  throw new KeyInvalid(
    'header Idempotency-Key is no ASCII text in double quotes, and no ASCII text without commas and quotes at its begin; use PUT /v1/renders/{key} for other keys',
  );
}
