import type { JsonObject } from '../json.js';
import { isJsonObject } from '../json.js';

/** What a template render takes from the request where the request has it. `exports` is replaced, not merged. */
const OVERRIDES = [
  'resolution',
  'width',
  'height',
  'quality',
  'fps',
  'cache',
  'draft',
  'id',
  'comment',
  'exports',
  'client-data',
];

/** The template's movie with the request's overrides, and the request's variables over the template's own. */
export function renderedTemplate(template: JsonObject, request: JsonObject): JsonObject {
  const overrides = OVERRIDES.filter((name) => request[name] !== undefined);
  const own = isJsonObject(template['variables']) ? template['variables'] : {};
  const given = isJsonObject(request['variables']) ? request['variables'] : {};
  return {
    ...template,
    ...Object.fromEntries(overrides.map((name) => [name, request[name]])),
    variables: { ...own, ...given },
  };
}
