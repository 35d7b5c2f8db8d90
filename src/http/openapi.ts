import swagger, { type SwaggerTransformObject } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';

const DESCRIPTION = `Renders movies of JSON2Video's API once under a business key, and never pays twice for one.

A key has up to 200 bytes and stands percent-encoded in the path. Where a proxy decodes \`%2F\`, use the query instead: \`/v1/renders?key=K\`, \`/v1/renders/events?key=K\`, \`/v1/renders/video?key=K\`, \`/v1/renders/decision?key=K\`.

Errors are problem details (RFC 9457). Every request is safe to repeat with the same key.`;

/** Has a server describe its routes as OpenAPI 3.1. Register it before the routes. */
export async function describeRoutes(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'renderonce',
        version,
        description: DESCRIPTION,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      security: [{ bearer: [] }, { apiKey: [] }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        },
      },
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route);
      if (!isAnswers(schema['response'])) return { schema, url };
      const response = withAnswerHeaders(schema['response'], route.route.config?.answerHeaders);
      return { schema: { ...schema, response }, url };
    },
    transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document)),
  });
}

type Document = ReturnType<NonNullable<SwaggerTransformObject>>;

function isAnswers(value: unknown): value is Readonly<Record<string, object>> {
  return typeof value === 'object' && value !== null;
}

/** Removes the components that nothing refers to: each schema comes as one of requests and one of answers. */
function withoutUnused(document: Document): Document {
  if (!('openapi' in document)) return document;
  const schemas = document.components?.schemas ?? {};
  let used = refsIn(document.paths);
  for (let size = -1; size !== used.size;) {
    size = used.size;
    const within = refsIn(Object.entries(schemas).filter(([name]) => used.has(name)));
    used = new Set([...used, ...within]);
  }
  for (const name of Object.keys(schemas)) if (!used.has(name)) delete schemas[name];
  return document;
}

function refsIn(part: unknown): Set<string> {
  const text = JSON.stringify(part) ?? '';
  return new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name));
}

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
function withAnswerHeaders(
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
