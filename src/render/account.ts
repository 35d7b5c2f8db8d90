/**
 * Account of an attempt that named none. No reading can prove anything about it. Other accounts are 12 hex digits,
 * `Json2Video.account`.
 */
export const UNKNOWN_ACCOUNT = 'unknown';

/** Returns the account of everything that two attempts may have sent. */
export function accountOfBoth(one: string | undefined, other: string): string {
  return one === undefined || one === other ? other : UNKNOWN_ACCOUNT;
}
