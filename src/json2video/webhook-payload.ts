import { isJsonObject, isWithinDepth, parseJson } from '../render/json.js';
import { JSON_DEPTH, PROJECT_CHARACTERS } from '../render/limits.js';
import { shorten } from '../render/text.js';

/** What a webhook delivery claims. It is a hint: nothing of it is believed before a GET has confirmed it. */
export interface WebhookClaim {
  readonly project: string;
  readonly status?: string;
  readonly hasUrl: boolean;
}

/**
 * Reads a delivery in any of the shapes that the provider's pages show: flat or within `movie`, JSON or form, numbers
 * as text, with or without a status. Nothing where it names no project.
 */
export function parseWebhook(contentType: string, body: string): WebhookClaim | undefined {
  const isForm = contentType.toLowerCase().includes('x-www-form-urlencoded');
  const parsed: unknown = isForm ? Object.fromEntries(new URLSearchParams(body)) : parseJson(body);
  if (!isJsonObject(parsed) || !isWithinDepth(parsed, JSON_DEPTH)) return undefined;
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
