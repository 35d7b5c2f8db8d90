import type { JsonObject } from '../json.js';
import { isJsonObject } from '../json.js';
import type { Quirks } from '../quirks.js';

export interface WebhookBody {
  readonly contentType: string;
  readonly text: string;
}

const FORM = 'application/x-www-form-urlencoded';

/** The payload as the destination wants it; JSON unless a form is asked for in words that count. */
export function webhookBody(payload: JsonObject, wanted: string | undefined, quirks: Quirks): WebhookBody {
  const isForm = wanted === FORM || (wanted === 'urlencoded' && quirks.shortContentType === 'honoured');
  if (!isForm) return { contentType: 'application/json', text: JSON.stringify(payload) };
  return { contentType: FORM, text: formEncoded(payload, quirks.formClientData) };
}

/** The same fields as a form. How objects are nested in it is nowhere documented. */
function formEncoded(payload: JsonObject, nesting: Quirks['formClientData']): string {
  const fields = Object.entries(payload).flatMap(([name, value]): [string, string][] => {
    if (typeof value !== 'object' || value === null) return [[name, String(value)]];
    if (nesting === 'brackets') return bracketed(name, value);
    return [[name, nesting === 'json' ? JSON.stringify(value) : '[object Object]']];
  });
  return new URLSearchParams(fields).toString();
}

/** `client-data[order][id]=1`, as PHP and many others write it. */
function bracketed(name: string, value: unknown): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => bracketed(`${name}[${index}]`, item));
  if (!isJsonObject(value)) return [[name, String(value)]];
  return Object.entries(value).flatMap(([inner, member]) => bracketed(`${name}[${inner}]`, member));
}
