import { z } from 'zod';

/** A base URL as existing code has it: with the key of one movie in it, or without. */
export interface Base {
  readonly path: string;
  /** Makes the names of operations differ. */
  readonly suffix: string;
  readonly params: z.ZodType;
}

/** A failure as the provider writes it. */
const failureSchema = z
  .object({ success: z.literal(false), message: z.string() })
  .meta({ id: 'DropInFailure' });

const FAILURES: Readonly<Record<number, string>> = {
  400: 'Invalid key, movie or request, a rejected movie, or an unknown project',
  401: 'There is no token, or an unknown one',
  402: 'The budget does not allow it',
  403: 'The token lacks a scope, or this server does not offer the request',
  409: 'The key does not allow it',
  413: 'The body is larger than 2 MB',
  422: 'The key belongs to another movie',
  429: 'Too many requests; see the header Retry-After',
  501: 'The server has no API key of the provider',
  502: 'The engine refuses the server',
  503: 'Not accepted yet, or something is down; send the same request again after the header Retry-After',
};

/** Returns the schemas of the failures that a route may answer, besides those that every route may. */
export function failures(...statuses: readonly number[]) {
  const all = [...statuses, 400, 401, 403, 429, 502, 503];
  return Object.fromEntries(
    all.map((status) => [status, failureSchema.describe(FAILURES[status] ?? 'Failure')]),
  );
}
