import { createHmac, timingSafeEqual } from 'node:crypto';
import { SECRET_BYTES } from '../text/secret.js';

/**
 * Version of the token in a callback's path: `v1.<base64url(key)>.<expiry, epoch seconds>.<base64url(HMAC-SHA256)>`. The
 * provider signs nothing, so the address itself is the credential: it names the render, expires, and needs a secret.
 */
const VERSION = 'v1';

/** Computes the HMAC over all other parts of a token, so that none of them can be exchanged. */
function signature(head: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(head, 'utf8').digest();
}

/** Throws if a secret could be guessed, or if there is none: then everybody could make tokens. */
export function requireStrongSecrets(secrets: readonly string[]): void {
  const areStrong =
    secrets.length > 0 && secrets.every((secret) => Buffer.byteLength(secret) >= SECRET_BYTES);
  if (!areStrong) throw new Error(`webhook secrets must be given, each of at least ${SECRET_BYTES} bytes`);
}

/** Makes a token for a key; the first secret signs it. */
export function signToken(key: string, expiresAt: Date, secrets: readonly string[]): string {
  const [secret] = secrets;
  if (secret === undefined) throw new Error('no webhook secret to sign with');
  const head = `${VERSION}.${Buffer.from(key, 'utf8').toString('base64url')}.${Math.floor(expiresAt.getTime() / 1_000)}`;
  return `${head}.${signature(head, secret).toString('base64url')}`;
}

/** Longest token: 200 bytes of key in base64url, an expiry, a signature and the dots are shorter. */
export const TOKEN_CHARACTERS = 400;
const SHAPE = /^(v1\.([A-Za-z0-9_-]+)\.(\d{1,12}))\.([A-Za-z0-9_-]{43})$/;

/**
 * Returns the key of a token; undefined if the token was changed, has expired, or was not signed with one of the secrets.
 * It tries every secret, over bytes and in constant time.
 */
export function verifyToken(token: string, secrets: readonly string[], nowMs: number): string | undefined {
  if (token.length > TOKEN_CHARACTERS) return undefined;
  const [, head = '', encodedKey = '', expiry = '', mac = ''] = SHAPE.exec(token) ?? [];
  const given = canonicalBytes(mac);
  const key = canonicalBytes(encodedKey);
  if (given?.length !== 32 || key === undefined) return undefined;
  let isGenuine = false;
  for (const secret of secrets) isGenuine = timingSafeEqual(signature(head, secret), given) || isGenuine;
  return isGenuine && Number(expiry) * 1_000 > nowMs ? key.toString('utf8') : undefined;
}

/** Decodes base64url strictly: Node's decoder skips unknown characters and ignores spare bits. */
function canonicalBytes(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return text !== '' && bytes.toString('base64url') === text ? bytes : undefined;
}
