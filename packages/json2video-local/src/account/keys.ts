/** Roles of API keys. Each includes the rights of those before it. */
export const ROLES = ['viewer', 'render', 'editor', 'manager', 'admin'] as const;
/** Role of an API key. */
export type Role = (typeof ROLES)[number];

/** An API key of the account. */
export interface FakeKey {
  readonly role: Role;
  /** The key is refused from this time on: ISO 8601, the server's clock. */
  readonly expiresAt?: string;
}

type KeyCheck = Role | 'missing' | 'invalid';

/** The account's API keys. */
export class Keys {
  readonly #keys: ReadonlyMap<string, FakeKey>;

  /** @param main a key with the highest role that a project key can have */
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

/** True if the role includes the rights of `needed`. */
export function isAllowed(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
