import { isJsonObject, isWithinDepth, type JsonObject, parseJson } from '../text/json.js';
import { PROJECT_CHARACTERS } from '../render/limits.js';
import { shorten } from '../text/text.js';

/** Content of a webhook delivery. It is only a hint, which a GET must confirm. */
export interface WebhookClaim {
  readonly project: string;
  readonly status?: string;
  readonly hasUrl: boolean;
}

/**
 * Parses a delivery in any of the shapes that the provider's pages show: flat or within `movie`, JSON or form, numbers as
 * text, with or without a status. If the content type says neither JSON nor form, the body decides. Returns undefined if
 * the delivery names no project.
 */
export function parseWebhook(contentType: string, body: string): WebhookClaim | undefined {
  const text = body.replace(/^\uFEFF/, '');
  const parsed: unknown = isForm(contentType, text) ? formFields(text) : parseJson(text);
  if (!isJsonObject(parsed) || !isWithinDepth(parsed)) return undefined;
  const inner = parsed['movie'];
  const flat = isJsonObject(inner) ? { ...parsed, ...inner } : parsed;
  const { project, status, url } = flat;
  if (typeof project !== 'string' || project === '' || project.length > PROJECT_CHARACTERS) return undefined;
  return {
    project,
    ...(typeof status === 'string' ? { status: shorten(status, 40) } : {}),
    hasUrl: typeof url === 'string' && url !== '',
  };
}

function isForm(contentType: string, body: string): boolean {
  if (/urlencoded/i.test(contentType)) return true;
  return !/json/i.test(contentType) && !/^\s*[[{]/.test(body);
}

/** Returns the fields of a form. No page says how it nests `movie`, so all are read: JSON, brackets, a dot. */
function formFields(body: string): JsonObject {
  const fields = [...new URLSearchParams(body)];
  const nested = fields.flatMap(([name, value]) => {
    const [, bracketed, dotted] = /^movie(?:\[(\w+)\]|\.(\w+))$/.exec(name) ?? [];
    const inner = bracketed ?? dotted;
    return inner === undefined ? [] : [[inner, value] as const];
  });
  const flat: JsonObject = Object.fromEntries(fields);
  const asJson = typeof flat['movie'] === 'string' ? parseJson(flat['movie']) : undefined;
  return { ...flat, movie: isJsonObject(asJson) ? asJson : Object.fromEntries(nested) };
}
