import { redactSecrets } from './redact.js';

/** Text from outside (provider messages, reasons) as kept in histories and shown in the UI. */
export const MESSAGE_CHARACTERS = 300;

/**
 * Text from outside made fit for a log line, a history and the UI: one line, no control characters, bounded, and
 * without the keys that it may hold to files or to our receiver.
 */
export function shorten(text: string, limit: number = MESSAGE_CHARACTERS): string {
  const line = redactSecrets(text)
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join('')}…`;
}

const encoder = new TextEncoder();

/** Length in bytes of UTF-8, the unit in which the engine counts. */
export function utf8Bytes(text: string): number {
  return encoder.encode(text).length;
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
