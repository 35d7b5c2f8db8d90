import { readFileSync } from 'node:fs';
import { isJsonObject, parseJson } from '../text/json.js';

/** Returns the version of this package. */
export function ownVersion(): string {
  const manifest = parseJson(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const version = isJsonObject(manifest) ? manifest['version'] : undefined;
  return typeof version === 'string' ? version : 'unknown';
}
