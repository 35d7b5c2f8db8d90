import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The token in a callback's path: `v1.<base64url(key)>.<expiry, epoch seconds>.<base64url(HMAC-SHA256)>`. The provider
 * signs nothing, so the address itself is the credential: it names the render, expires, and cannot be made without a
 * secret.
 */
const VERSION = 'v1';

/** HMAC over all that the token says, so that no part can be exchanged. */
function signature(head: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(head, 'utf8').digest();
}

/** A secret of 256 bits, as text. */
const SECRET_BYTES = 32;

/** Refuses secrets that could be guessed; an empty one would let anybody make tokens. */
export function requireStrongSecrets(secrets: readonly string[]): void {
  const areStrong =
    secrets.length > 0 && secrets.every((secret) => Buffer.byteLength(secret) >= SECRET_BYTES);
  if (!areStrong) throw new Error(`webhook secrets must be given, each of at least ${SECRET_BYTES} bytes`);
}

/** Makes a token for a key; the first secret signs. */
export function signToken(key: string, expiresAt: Date, secrets: readonly string[]): string {
  const [secret] = secrets;
  if (secret === undefined) throw new Error('no webhook secret to sign with');
  const head = `${VERSION}.${Buffer.from(key, 'utf8').toString('base64url')}.${Math.floor(expiresAt.getTime() / 1_000)}`;
  return `${head}.${signature(head, secret).toString('base64url')}`;
}

/** 200 bytes of key in base64url, an expiry, a signature and the dots stay below this. */
export const TOKEN_CHARACTERS = 400;
const SHAPE = /^(v1\.([A-Za-z0-9_-]+)\.(\d{1,12}))\.([A-Za-z0-9_-]{43})$/;

/**
 * The key that a token was made for, or nothing where it was not made with one of the secrets, was changed, or has
 * expired. Every secret is tried, over bytes and in constant time.
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

/** Decodes base64url strictly: Node's decoder skips what it does not know and ignores spare bits. */
function canonicalBytes(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return text !== '' && bytes.toString('base64url') === text ? bytes : undefined;
}
