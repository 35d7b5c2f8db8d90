/** Headers of answers that callers use, as JSON Schemas. */
const HEADERS = {
  'Accept-Ranges': { type: 'string', enum: ['bytes'], description: 'Parts of the video may be asked for' },
  'Content-Range': { type: 'string', description: 'The part that is sent, and the size of the video' },
  ETag: { type: 'string', description: 'The SHA-256 of the video' },
  'Idempotent-Replayed': {
    type: 'string',
    enum: ['true'],
    description: 'Another call had started the render; absent otherwise',
  },
  Location: { type: 'string', description: 'The link to the video' },
  'Preference-Applied': {
    type: 'string',
    pattern: '^wait=[0-9]+$',
    description: 'The wait of header Prefer, as it was applied; absent without one',
  },
  'Retry-After': { type: 'integer', minimum: 0, description: 'Seconds until the same request makes sense' },
} as const;

/** Names of headers by the status of the answer. */
export type AnswerHeaders = Readonly<Record<number, readonly (keyof typeof HEADERS)[]>>;

const OF_EVERY_ROUTE: AnswerHeaders = { 429: ['Retry-After'], 503: ['Retry-After'] };

/**
 * Returns the schemas of a route's answers with their headers. They are added here, because the translation of zod schemas
 * drops them.
 */
export function withAnswerHeaders(
  answers: Readonly<Record<string, object>>,
  headers: AnswerHeaders = {},
): Record<string, object> {
  const named: AnswerHeaders = { ...OF_EVERY_ROUTE, ...headers };
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => {
      const names = named[Number(status)] ?? [];
      if (names.length === 0) return [status, answer];
      return [status, { ...answer, headers: Object.fromEntries(names.map((name) => [name, HEADERS[name]])) }];
    }),
  );
}
