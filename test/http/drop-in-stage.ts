import { expect } from 'vitest';
import { createToken } from '../../src/http/tokens.js';
import type { Running } from '../support/processes.js';
import { openStage, type Stage, type StageOptions } from '../support/stage.js';
import { type Answer, call } from './http-stage.js';

const shop = createToken('shop', 'shop', 'submit+read');
const rival = createToken('rival', 'rival', 'submit+read');
const reader = createToken('reader', 'shop', 'read');

/** Tokens of two tenants. */
export const TOKENS = { shop: shop.token, rival: rival.token, reader: reader.token } as const;

/** Opens a stage whose servers know two tenants. */
export function openDropInStage(options: StageOptions = {}): Promise<Stage> {
  const lines = [shop, rival, reader].map(({ line }) => line).join(',');
  return openStage({ ...options, env: { ...options.env, RENDERONCE_TOKENS: lines } });
}

/** Sends a request as existing code of the provider does: with its API key, and without our words. */
export function ask(
  server: Running,
  method: string,
  path: string,
  how: {
    readonly body?: unknown;
    readonly token?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<Answer> {
  const { token = TOKENS.shop, headers = {}, ...rest } = how;
  return call(server, method, path, { ...rest, headers: { 'x-api-key': token, ...headers } });
}

/** The query of one project. */
export const projectQuery = (project: unknown): string => `?project=${String(project)}`;

/** The header that gives a key. */
export const withKey = (key: string) => ({ headers: { 'idempotency-key': key } });

/** A failure in the provider's shape. */
export const failure = (message: RegExp) => ({ success: false, message: expect.stringMatching(message) });

/** Asks the local JSON2Video itself. */
export async function atProvider({ fake }: Stage, path: string) {
  const reply = await fetch(`${fake.url}${path}`, { headers: { 'x-api-key': fake.apiKey } });
  const text = await reply.text();
  return { status: reply.status, text, body: JSON.parse(text) as Record<string, unknown> };
}
