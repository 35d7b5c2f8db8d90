import { classifySubmission, type Submission } from '../../src/render/submission.js';

export const AT = '2026-11-24T10:00:00.000Z';
export const PROJECT = 'JkGxEoPRF9EgRb32';

export interface ReplyTerms {
  readonly complete?: boolean;
  readonly retryAfterMs?: number;
}

/** Returns the end of an attempt with a whole reply of this status and body. */
export function replied(status: number, body: unknown, terms: ReplyTerms = {}): Submission {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return classifySubmission({ from: 'reply', status, body: text, complete: true, at: AT, ...terms });
}

/** The shapes in which the provider is known to word a failure. */
export const BODY_SHAPES: readonly (readonly [string, (message: string) => object])[] = [
  ['success and message', (message) => ({ success: false, message })],
  ['message only', (message) => ({ message })],
  ['message and code', (message) => ({ message, code: 'E1002' })],
  ['error only', (error) => ({ error })],
];

/** Refusals that are about credits, quota or a suspended account. */
export const CREDIT_MESSAGES = [
  'Insufficient credits',
  'You exceeded the quota of movies in your plan. Please upgrade your plan to continue.',
  'You exceeded the quota of drafts in your plan. Please upgrade your plan to continue.',
  'You exceeded the quota of time in your plan',
  'account_suspended',
];

/** Refusals that are about the API key or its role. */
export const KEY_MESSAGES = [
  'Error: Invalid API Key',
  'Error: API Key not provided',
  'Insufficient permissions',
  'Invalid token',
];

export const ALLOWANCE_MESSAGE = 'Movie is larger (3840x2160) than your plan allowance (1920x1080)';

/** Refusals that are about the movie. */
export const MOVIE_MESSAGES = [
  'No movie JSON received',
  'Error parsing movie JSON or the movie was empty',
  'No valid movie JSON received',
  'Template not found',
  'Template LerKrmBfiqaIgBuacLWn not found',
  "Property 'text' is required in movie/scenes[0]/elements[1]",
  "Property 'zoom' is not an integer in movie/scenes[0]/elements[0]",
  'Object [movie/scenes[0]/elements[1]] does not match any of possible schemas: rectangle',
  'Movie duration cannot be zero',
  ALLOWANCE_MESSAGE,
];

export const HTML = '<!DOCTYPE html><html><head><title>Forbidden</title></head><body>Blocked</body></html>';
