/**
 * Returns the key for the next version of a render, for a corrected movie: `order-1` → `order-1-v2` → `order-1-v3`. A key at
 * the limit of 200 bytes gets too long by that; then the call that uses it says so.
 */
export function nextVersion(key: string): string {
  const [, base, version] = /^(.+)-v(\d{1,9})$/s.exec(key) ?? [];
  return base === undefined ? `${key}-v2` : `${base}-v${Number(version) + 1}`;
}
