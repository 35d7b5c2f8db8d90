/** Roles of API keys, each allowed all that those before it are. */
export const ROLES = ['viewer', 'render', 'editor', 'manager', 'admin'] as const;
/** What an API key may do. */
export type Role = (typeof ROLES)[number];

/** An API key of the account. */
export interface FakeKey {
  readonly role: Role;
  /** From then on the key is refused: ISO 8601, the fake's clock. */
  readonly expiresAt?: string;
}

/** What a request's key amounts to. */
export type KeyCheck = Role | 'missing' | 'invalid';

/** The account's API keys. */
export class Keys {
  readonly #keys: ReadonlyMap<string, FakeKey>;

  /** @param main the key that may do everything a project key may */
  constructor(main: string, others: Readonly<Record<string, FakeKey>>) {
    this.#keys = new Map([[main, { role: 'manager' }], ...Object.entries(others)]);
  }

  check(given: string | readonly string[] | undefined, nowMs: number): KeyCheck {
    if (given === undefined) return 'missing';
    const key = typeof given === 'string' ? this.#keys.get(given) : undefined;
    if (key === undefined) return 'invalid';
    return key.expiresAt !== undefined && nowMs >= Date.parse(key.expiresAt) ? 'invalid' : key.role;
  }
}

/** Is this role enough where `needed` is asked for? */
export function isAllowed(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
