import type { FastifyInstance } from 'fastify';
import { MovieInvalid, OptionsInvalid } from '../render/errors.js';
import { type JsonFault, readJsonText } from '../text/json-text.js';
import { Refusal } from './refusal.js';

/** Largest body: a movie of the largest size, escaped, with its options. */
export const BODY_BYTES = 2_000_000;

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/** Has a server read bodies as JSON that people and tools write, and as nothing else. */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_TYPE, { parseAs: 'buffer' }, async (_request: unknown, bytes: Buffer) => {
    const read = readJsonText(textOf(bytes));
    if ('fault' in read) throw errorOf(read.fault);
    return read.value;
  });
}

/** Has a server hand on bodies as text, for a route that judges them itself: those of JSON, or of any type. */
export function readTextBodies(app: FastifyInstance, type: RegExp | '*' = JSON_TYPE): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(type, { parseAs: 'buffer' }, async (_request: unknown, bytes: Buffer) =>
    textOf(bytes),
  );
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal('RequestInvalid', 'the body is not UTF-8');
  }
}

function errorOf({ path, message }: JsonFault): Error {
  const [, part, place = ''] = /^(movie|options)\b\.?(.*)$/s.exec(path) ?? [];
  const text = `${place === '' ? path : place} ${message}`.trim();
  if (part === 'movie') return new MovieInvalid(text);
  if (part === 'options') return new OptionsInvalid(text);
  return new Refusal('RequestInvalid', path === '' ? `the body is not JSON: ${message}` : text);
}
