import { isJsonObject, type JsonObject, parseJson } from '../text/json.js';

/** The part of a saved template that the same names in a request would replace. */
interface TemplateOwn {
  readonly 'client-data'?: JsonObject;
  /** May hold passwords: never log or record it. */
  readonly exports?: JsonObject['exports'];
}

/** Reads what a request would replace from a template's movie, which the provider sends as an object or as text. */
export function templateOwn(movie: unknown): TemplateOwn | undefined {
  const plain = typeof movie === 'string' ? parseJson(movie) : movie;
  if (!isJsonObject(plain)) return undefined;
  const { 'client-data': clientData, exports } = plain;
  return {
    ...(isJsonObject(clientData) ? { 'client-data': clientData } : {}),
    ...(Array.isArray(exports) && exports.length > 0 ? { exports } : {}),
  };
}

/**
 * Adds to a template render what its template holds, since the provider replaces these members as a whole (tutorial 11):
 * the request's `client-data` lies over the template's, and the template's `exports` stand if the request has none.
 * The exports are copied only if a destination of ours follows them.
 */
export function withTemplateOwn(movie: JsonObject, own: TemplateOwn, copiesExports: boolean): JsonObject {
  const given = movie['client-data'];
  const clientData = { ...own['client-data'], ...(isJsonObject(given) ? given : {}) };
  const exports = movie['exports'] ?? (copiesExports ? own.exports : undefined);
  return { ...movie, 'client-data': clientData, ...(exports === undefined ? {} : { exports }) };
}

/** Members that a template render takes from the request if it has them (tutorial 11, and the official n8n node). */
const OVERRIDES = ['resolution', 'width', 'height', 'quality', 'fps', 'cache'];

/** Returns the movie that a template render shows: the template's, with the request's variables and size over its own. */
export function withTemplate(request: JsonObject, template: JsonObject): JsonObject {
  const overrides = OVERRIDES.flatMap((name) => {
    const value = request[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const [own, given] = [template['variables'], request['variables']];
  const variables = { ...(isJsonObject(own) ? own : {}), ...(isJsonObject(given) ? given : {}) };
  return { ...template, ...Object.fromEntries(overrides), variables };
}
