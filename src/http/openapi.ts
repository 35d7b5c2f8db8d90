import swagger, { type SwaggerTransformObject } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { withAnswerHeaders } from './answer-headers.js';

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
