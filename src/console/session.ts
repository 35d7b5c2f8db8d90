import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import type { Token } from '../http/tokens.js';
import { isJsonObject, parseJson } from '../text/json.js';

/** A person signs in again after this time. */
export const SESSION_SECONDS = 12 * 3_600;

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
/** Longest cookie that is looked at. */
const SEALED_CHARACTERS = 1_000;

/**
 * Sessions without a store: the cookie holds the token, sealed. The keys follow from the list of tokens, so that all servers
 * with one list share sessions, and a change of the list ends them. Who knows the list alone cannot make a session, because
 * the list has no token.
 */
export class Sessions {
  readonly #sealing: Buffer;
  readonly #signing: Buffer;
  readonly #now: () => number;

  constructor(tokens: readonly Token[], now: () => number) {
    const lines = tokens.map(
      ({ name, tenant = '', scopes, hash }) =>
        `${name}:${tenant}:${scopes.join('+')}:${hash.toString('hex')}`,
    );
    // Without tokens there are no sessions, and forms are those of this process.
    const secret = lines.length === 0 ? randomBytes(KEY_BYTES) : Buffer.from(lines.toSorted().join('\n'));
    const keyFor = (use: string): Buffer =>
      Buffer.from(hkdfSync('sha256', secret, '', `renderonce console ${use}`, KEY_BYTES));
    this.#sealing = keyFor('session');
    this.#signing = keyFor('form');
    this.#now = now;
  }

  /** Seals a token for a cookie. */
  seal(token: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#sealing, nonce);
    const content = JSON.stringify({ token, atMs: this.#now() });
    const sealed = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** Returns the token of a cookie; undefined if it was not sealed with this list of tokens, or is too old. */
  open(cookie: string): string | undefined {
    if (cookie.length > SEALED_CHARACTERS) return undefined;
    const bytes = Buffer.from(cookie, 'base64url');
    if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined;
    try {
      const decipher = createDecipheriv(CIPHER, this.#sealing, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const content = Buffer.concat([
        decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)),
        decipher.final(),
      ]);
      const session = parseJson(content.toString('utf8'));
      const { token, atMs } = isJsonObject(session) ? session : {};
      const isYoung = typeof atMs === 'number' && this.#now() - atMs < SESSION_SECONDS * 1_000;
      return typeof token === 'string' && isYoung ? token : undefined;
    } catch {
      return undefined;
    }
  }

  /** Returns the token that the forms of a visitor carry: another one for each visitor and session. */
  formToken(visitor: string, session: string): string {
    return createHmac('sha256', this.#signing)
      .update(JSON.stringify([visitor, session]))
      .digest('base64url');
  }

  /** True if a form carries the token of its visitor. */
  isFormToken(given: string, visitor: string, session: string): boolean {
    const [one, other] = [Buffer.from(given), Buffer.from(this.formToken(visitor, session))];
    return visitor !== '' && one.length === other.length && timingSafeEqual(one, other);
  }
}
