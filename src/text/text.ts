import { redactSecrets } from './redact.js';

/** Length of a text from outside (provider messages, reasons) in histories and in the UI. */
const MESSAGE_CHARACTERS = 300;

/**
 * Makes text from outside fit for a log line, a history and the UI: one line, no control characters, at most `limit`
 * characters, and without the secrets that `redactSecrets` removes.
 */
export function shorten(text: string, limit: number = MESSAGE_CHARACTERS): string {
  const line = redactSecrets(text)
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join('')}…`;
}

const encoder = new TextEncoder();

/** Returns the length in bytes of UTF-8, the engine's unit. */
export function utf8Bytes(text: string): number {
  return encoder.encode(text).length;
}

/** Returns the message of any thrown value. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** True if a host name or address means this machine. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return /^(?:(?:.+\.)?localhost|(?:::ffff:)?127(?:\.\d+){3}|::1)$/.test(name);
}
