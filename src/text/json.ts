/** Levels of a movie or of a webhook's body. Real movies have under 10; canonical JSON recurses on the stack. */
export const JSON_DEPTH = 64;

/** Differing paths in an error: enough to recognise the difference, short enough to read. */
const DIFFERING_PATHS = 10;

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object. */
export interface JsonObject {
  readonly [name: string]: Json;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The names of the members of a type, or of all types of a union. */
type NamesOf<T> = T extends unknown ? keyof T : never;

/**
 * Returns the members of a value from outside under the names of the type that it should have. A member that is renamed
 * in the type then fails to compile at its reader. A value that is no object has no members.
 */
export function membersOf<T extends object>(value: unknown): Partial<Record<NamesOf<T>, unknown>> {
  return hasMembersOf<T>(value) ? value : {};
}

function hasMembersOf<T extends object>(value: unknown): value is Partial<Record<NamesOf<T>, unknown>> {
  return isJsonObject(value);
}

/** Parses text from outside. Returns undefined if it is not JSON, and never throws. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** True if a value has at most `limit` levels. Does not recurse, so that a hostile value cannot exhaust the stack. */
export function isWithinDepth(value: unknown, limit: number = JSON_DEPTH): boolean {
  let level = new Set<unknown>([value]);
  for (let depth = 0; level.size > 0; depth += 1) {
    if (depth > limit) return false;
    level = new Set([...level].flatMap(childrenOf));
  }
  return true;
}

function childrenOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

/** Returns an object's own member, never an inherited one such as `__proto__`. */
function ownValue(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Returns a member's part of a path such as `scenes[0].elements[1].text`. */
export function pathSegment(name: string, isFirst: boolean): string {
  if (!/^[\w-]+$/.test(name)) return `[${JSON.stringify(name)}]`;
  return isFirst ? name : `.${name}`;
}

/** Returns the JSON paths at which two documents differ, such as `scenes[0].elements[1].text`; at most `limit`. */
export function differingPaths(left: unknown, right: unknown, limit: number = DIFFERING_PATHS): string[] {
  const paths: string[] = [];
  const visit = (a: unknown, b: unknown, path: string): void => {
    if (paths.length >= limit || Object.is(a, b)) return;
    if (Array.isArray(a) && Array.isArray(b)) {
      for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
        visit(a[index], b[index], `${path}[${index}]`);
      }
    } else if (isJsonObject(a) && isJsonObject(b)) {
      for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
        visit(ownValue(a, name), ownValue(b, name), path + pathSegment(name, path === ''));
      }
    } else if (a !== b) {
      paths.push(path === '' ? '(the whole document)' : path);
    }
  };
  visit(left, right, '');
  return paths;
}
