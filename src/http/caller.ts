import { KeyInvalid } from '../render/errors.js';
import { assertKey, renderKey } from '../render/key.js';
import { Refusal } from './refusal.js';
import type { Scope } from './tokens.js';

/** The sender of a request, as far as its token says. */
export interface Caller {
  /** Name by which requests are counted. */
  readonly id: string;
  /** Name of the token; absent if the server asks for none. */
  readonly name?: string;
  readonly tenant?: string;
  readonly scopes: readonly Scope[];
}

/** True if a caller has a scope. */
export function allows({ scopes }: Caller, scope: Scope): boolean {
  return scopes.includes(scope) || scopes.includes('admin');
}

/** Throws ScopeMissing if a caller lacks a scope. */
export function requireScope(caller: Caller, scope: Scope, what = 'this request'): void {
  if (!allows(caller, scope)) throw new Refusal('ScopeMissing', `${what} needs a token with scope ${scope}`);
}

/**
 * Returns the engine's key of a caller's key: another one for each tenant.
 *
 * @throws KeyInvalid
 */
export function engineKeyOf({ tenant }: Caller, key: string): string {
  assertKey(key);
  if (tenant === undefined) return key;
  try {
    return renderKey(tenant, key);
  } catch (error) {
    if (!(error instanceof KeyInvalid)) throw error;
    throw new KeyInvalid(`with tenant ${tenant} before it, ${error.message}`);
  }
}

/** Returns a caller's key of an engine's key; undefined if the key is another tenant's. */
export function shownKeyOf({ tenant }: Caller, engineKey: string): string | undefined {
  if (tenant === undefined) return engineKey;
  if (!engineKey.startsWith(`${tenant}:`)) return undefined;
  const key = engineKey.slice(tenant.length + 1).replace(/\\([\\:])/g, '$1');
  return engineKey === `${tenant}:${escaped(key)}` ? key : undefined;
}

/** Escapes a part of a key as `renderKey` does; also the beginning of a part. */
export function escaped(part: string): string {
  return part.replace(/[\\:]/g, (character) => `\\${character}`);
}
