import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { ConfigInvalid, OptionsInvalid } from '../render/errors.js';
import { SECRET_BYTES } from '../text/secret.js';

/** Rights of a token: `admin` includes the others. */
export const SCOPES = ['submit', 'read', 'decide', 'admin'] as const;
/** A right of a token. */
export type Scope = (typeof SCOPES)[number];

/** A token as the server knows it: not the token itself. */
export interface Token {
  readonly name: string;
  /** Absent if the token's keys are those of the engine. */
  readonly tenant?: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the whole token. */
  readonly hash: Buffer;
}

const NAME = /^[A-Za-z0-9_-]{1,32}$/;
const TENANT = /^[a-z0-9-]{1,32}$/;
const HASH = /^[0-9a-f]{64}$/;

const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** A new token, and the line that `RENDERONCE_TOKENS` holds for it. */
interface CreatedToken {
  readonly token: string;
  readonly line: string;
}

/**
 * Creates a token of 256 random bits. Only its hash is in the line.
 *
 * @throws OptionsInvalid
 */
export function createToken(name: string, tenant: string, scopes: string): CreatedToken {
  const token = `ro_${name}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  const line = `${name}:${tenant}:${scopes}:${sha256(token).toString('hex')}`;
  const parsed = parseLine(line);
  if (typeof parsed === 'string') throw new OptionsInvalid(`the token cannot be made: ${parsed}`);
  return { token, line };
}

/**
 * Parses the lines of tokens: `name:tenant:scopes:sha256hex`, separated by commas or line breaks. It skips empty lines and
 * lines that begin with `#`. Errors name the entry by its number, since it may hold a token by mistake.
 *
 * @throws ConfigInvalid
 */
export function parseTokens(text: string): readonly Token[] {
  const lines = text
    .split(/[,\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const tokens = lines.map((line, index) => {
    const parsed = parseLine(line);
    if (typeof parsed === 'string') throw invalid(`entry ${index + 1} of RENDERONCE_TOKENS: ${parsed}`);
    return parsed;
  });
  if (tokens.length === 0) throw invalid('RENDERONCE_TOKENS holds no token');
  const hasTenants = tokens.some(({ tenant }) => tenant !== undefined);
  const stray = tokens.find(({ tenant, scopes }) => tenant === undefined && !scopes.includes('admin'));
  if (hasTenants && stray !== undefined) {
    throw invalid(
      `token ${stray.name} of RENDERONCE_TOKENS has neither a tenant nor the scope admin, and other tokens have tenants`,
    );
  }
  return tokens;
}

function invalid(message: string): ConfigInvalid {
  return new ConfigInvalid(
    message,
    'Use the lines that `renderonce token create` prints, with commas between, or @ and the path of a file with a line each.',
  );
}

/** Parses one line; returns the fault in words if there is one. */
function parseLine(line: string): Token | string {
  const [name = '', tenant = '', list = '', hash = '', ...rest] = line.split(':');
  if (rest.length > 0 || hash === '') return 'it is not name:tenant:scopes:sha256hex';
  if (!NAME.test(name)) return 'the name must be 1 to 32 letters, digits, _ or -';
  if (tenant !== '' && !TENANT.test(tenant)) return 'the tenant must be 1 to 32 characters of a-z, 0-9 and -';
  const scopes = list.split('+').map((each) => SCOPES.find((scope) => scope === each));
  if (!scopes.every((scope) => scope !== undefined))
    return `the scopes must be some of ${SCOPES.join(', ')}, with + between`;
  if (!HASH.test(hash)) return 'the hash must be 64 lower-case hex digits';
  return { name, ...(tenant === '' ? {} : { tenant }), scopes, hash: Buffer.from(hash, 'hex') };
}

/** Finds the token that a request gave. Compares all hashes in constant time. */
export function findToken(given: string, tokens: readonly Token[]): Token | undefined {
  const hash = sha256(given);
  let found: Token | undefined;
  for (const token of tokens) if (timingSafeEqual(hash, token.hash)) found = token;
  return found;
}
